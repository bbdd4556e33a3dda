import { type Connection, connectionStageNames } from '@contracts/connections.ts';
import { Pencil, Plug } from 'lucide-react';
import { useId, useState } from 'react';
import { RelativeTime } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { api } from '@/lib/api-client.ts';
import { Fact, Facts, UsedBy } from '../components/fact.tsx';
import { ItemMenu } from '../components/item-menu.tsx';
import { LookPill } from '../components/look-pill.tsx';
import { connectionLooks } from '../components/state-looks.ts';
import { StoredTest } from '../components/stored-test.tsx';
import { shownSecret } from '../forms/secret-field.tsx';
import { useStoredTest } from '../forms/use-stored-test.ts';
import { CircuitNotice } from './circuit-notice.tsx';
import { apiWords, builtInSettings, limitWords, testWords } from './connection-words.ts';
import { ListedModels } from './listed-models.tsx';

/** One connection to models: how it is and why, its limits, who depends on it, and what an admin may do with it. */
export const ConnectionCard = ({ connection, canWrite, onEdit, onSwitch, onDelete }: { connection: Connection; canWrite: boolean; onEdit: () => void; onSwitch: () => void; onDelete: () => void }) => {
  const id = useId();
  const { test, isTesting, error, run } = useStoredTest({
    stored: connection.last_test,
    send: () => api.call('testConnection', { params: { id: connection.id }, body: {} }),
    lists: ['listConnections', 'listIntegrations'],
  });
  const [hasStages, setHasStages] = useState(false);
  const startTest = (): void => {
    setHasStages(true);
    void run();
  };
  const isScripted = connection.api === 'scripted';
  /** Something is called by it, so there is an address, a key and limits to speak of. */
  const isCalled = !isScripted && connection.is_configured;
  const own = limitWords(connection.limits);
  const learned = limitWords(connection.learned_limits);
  return (
    <Card aria-labelledby={id} className="gap-3 p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <div className="min-w-0">
          <h2 id={id} className="flex flex-wrap items-center gap-2 text-body font-semibold wrap-anywhere">{connection.name}{connection.is_built_in && <Badge>Built in</Badge>}</h2>
          <p className="text-caption text-muted-foreground">{isScripted ? 'Follows a script; no model is called' : apiWords[connection.api]}</p>
        </div>
        <LookPill look={connectionLooks[connection.state]} />
      </div>
      <CircuitNotice connection={connection} canWrite={canWrite} />
      {!connection.is_configured && connection.configuration_hint !== null && <p className="text-row">{connection.configuration_hint}</p>}
      <Facts>
        {isCalled && <Fact term="Address">{connection.base_url === null ? <span className="text-muted-foreground">the provider’s own</span> : <code className="text-caption">{connection.base_url}</code>}</Fact>}
        {isCalled && <Fact term="Key">{connection.api_key_hint === null ? <span className="text-muted-foreground">none</span> : <code className="text-caption">{shownSecret(connection.api_key_hint)}</code>}</Fact>}
        {isCalled && <Fact term="Limits">{own ?? learned ?? <span className="text-muted-foreground">none known</span>}{own !== undefined && learned !== undefined && <span className="block text-caption text-muted-foreground">the provider says {learned}</span>}{own === undefined && learned !== undefined && <span className="text-caption text-muted-foreground"> as the provider says</span>}</Fact>}
        <Fact term="Used by"><UsedBy agents={connection.used_by_agents} /></Fact>
        {test !== null && <Fact term="Last test"><span className={test.passed ? undefined : 'text-failed-text'}>{testWords(test)}</span> <RelativeTime at={test.tested_at} className="text-caption text-muted-foreground" /></Fact>}
        {connection.circuit.last_success_at !== null && <Fact term="Last answer"><RelativeTime at={connection.circuit.last_success_at} /></Fact>}
      </Facts>
      <StoredTest test={test} expected={connectionStageNames} isTesting={isTesting} error={error} isOpen={hasStages} onOpen={setHasStages} />
      {isCalled && <ListedModels connection={connection} />}
      {connection.is_built_in && connection.api !== 'scripted' && isCalled && <p className="text-caption text-muted-foreground">Made of the settings {builtInSettings[connection.api]}; changed there.</p>}
      {canWrite && (isCalled || !connection.is_built_in) && (
        <div className="mt-auto flex flex-wrap items-center gap-2 pt-1">
          {isCalled && <Button variant="outline" size="small" isBusy={isTesting} onClick={startTest} aria-label={`Test ${connection.name}`}>{!isTesting && <Plug aria-hidden />}Test</Button>}
          {!connection.is_built_in && (
            <>
              <Button variant="outline" size="small" onClick={onEdit} aria-label={`Edit ${connection.name}`}><Pencil aria-hidden />Edit</Button>
              <ItemMenu name={connection.name} isEnabled={connection.is_enabled} onSwitch={onSwitch} onDelete={onDelete} />
            </>
          )}
        </div>
      )}
    </Card>
  );
};
