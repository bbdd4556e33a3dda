import type { McpServer } from '@contracts/mcp-servers.ts';
import { Eye, Pencil, RefreshCw, Wrench } from 'lucide-react';
import { useId, useState } from 'react';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { countOf, formatInteger } from '@/lib/format.ts';
import { Fact, Facts, UsedBy } from '../components/fact.tsx';
import { ItemMenu } from '../components/item-menu.tsx';
import { LookPill } from '../components/look-pill.tsx';
import { connectionLooks } from '../components/state-looks.ts';
import { StoredTest } from '../components/stored-test.tsx';
import { useStoredTest } from '../forms/use-stored-test.ts';
import { mcpStages, testWords, toolWords, transportWords } from './mcp-words.ts';

/** One MCP server: how it is and why, its tools in numbers, who uses them, and what an admin may do with it. */
export const ServerCard = ({ server, canWrite, onOpen, onEdit, onSwitch, onDelete }: {
  server: McpServer;
  canWrite: boolean;
  /** Undefined where its tools stand below. */
  onOpen?: () => void;
  onEdit: () => void;
  onSwitch: () => void;
  onDelete: () => void;
}) => {
  const id = useId();
  const [hasStages, setHasStages] = useState(false);
  const { test, isTesting, error, run } = useStoredTest({
    stored: server.last_test,
    send: async () => (await api.call('refreshMcpServer', { params: { id: server.id } })).last_test,
    lists: ['listMcpServers', 'listIntegrations', 'listTools', 'listToolSettings'],
  });
  const refreshTools = (): void => {
    setHasStages(true);
    void run();
  };
  const { transport } = server;
  return (
    <Card aria-labelledby={id} className="gap-3 p-4">
      <div className="flex items-start justify-between gap-x-3">
        <div className="min-w-0">
          <h2 id={id} className="text-body font-semibold wrap-anywhere">{server.name}</h2>
          <p className="text-caption text-muted-foreground">{transport.type === 'stdio' ? 'A program on the worker’s machine' : 'Over HTTP'} · tools called <code>mcp_{server.slug}_…</code></p>
        </div>
        <LookPill look={connectionLooks[server.state]} />
      </div>
      {server.to_review > 0 && onOpen !== undefined && (
        <p className="flex items-center gap-2 rounded-control bg-waiting-tint p-3 text-row text-waiting-text"><Eye aria-hidden className="size-4 shrink-0" />{countOf(server.to_review, 'tool')} {server.to_review === 1 ? 'waits' : 'wait'} for a review.</p>
      )}
      <Facts>
        <Fact term={transport.type === 'stdio' ? 'Program' : 'Address'}><code className="text-caption">{transportWords(transport)}</code></Fact>
        <Fact term="Tools">{toolWords(server)}</Fact>
        <Fact term="Used by"><UsedBy agents={server.used_by_agents} /></Fact>
        <Fact term="Time-out"><span className="tabular">{formatInteger(server.timeout_seconds)} s a call</span></Fact>
        {server.server !== null && <Fact term="Says it is"><UntrustedText text={`${server.server.name} ${server.server.version}`} /> <span className="text-caption text-muted-foreground">protocol <UntrustedText text={server.server.protocol_version} /></span></Fact>}
        {test !== null && <Fact term="Last test"><span className={test.passed ? undefined : 'text-failed-text'}>{testWords(test)}</span> <RelativeTime at={test.tested_at} className="text-caption text-muted-foreground" /></Fact>}
      </Facts>
      <StoredTest test={test} expected={mcpStages(transport.type)} isTesting={isTesting} error={error} isOpen={hasStages} onOpen={setHasStages} />
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-1 empty:hidden">
        {onOpen !== undefined && <Button variant={server.to_review > 0 && canWrite ? 'primary' : 'outline'} size="small" onClick={onOpen} aria-label={`Tools of ${server.name}`}><Wrench aria-hidden />{server.to_review > 0 && canWrite ? 'Review tools' : 'Tools'}</Button>}
        {canWrite && (
          <>
            <Button variant="outline" size="small" isBusy={isTesting} onClick={refreshTools} aria-label={`Refresh ${server.name}`} title="Connect and list its tools anew">{!isTesting && <RefreshCw aria-hidden />}Refresh</Button>
            <Button variant="outline" size="small" onClick={onEdit} aria-label={`Edit ${server.name}`}><Pencil aria-hidden />Edit</Button>
            <ItemMenu name={server.name} isEnabled={server.is_enabled} onSwitch={onSwitch} onDelete={onDelete} />
          </>
        )}
      </div>
    </Card>
  );
};
