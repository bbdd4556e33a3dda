import type { DataSource } from '@contracts/data-sources.ts';
import { Pencil, Plug, Table2 } from 'lucide-react';
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
import { useStoredTest } from '../forms/use-stored-test.ts';
import { dataSourceStages, limitWords, tableWords, testWords } from './data-source-words.ts';
import { splitReaderSql } from './reader-role.ts';
import { ReaderRoleHelp } from './reader-role-help.tsx';

/** One database agents may read: how it is and why, what of it is open, who may use it, and what an admin may do with it. */
export const DataSourceCard = ({ source, canWrite, onEdit, onTables, onSwitch, onDelete }: { source: DataSource; canWrite: boolean; onEdit: () => void; onTables: () => void; onSwitch: () => void; onDelete: () => void }) => {
  const id = useId();
  const [hasStages, setHasStages] = useState(false);
  const { test, isTesting, error, run } = useStoredTest({ stored: source.last_test, send: () => api.call('testDataSource', { params: { id: source.id } }), lists: ['listDataSources', 'listDataSourceTables', 'listIntegrations'] });
  const startTest = (): void => {
    setHasStages(true);
    void run();
  };
  const told = test === null ? undefined : splitReaderSql(test.warnings);
  return (
    <Card aria-labelledby={id} className="gap-3 p-4">
      <div className="flex items-start justify-between gap-x-3">
        <div className="min-w-0">
          <h2 id={id} className="flex flex-wrap items-center gap-2 text-body font-semibold wrap-anywhere">{source.name}{source.is_built_in && <Badge>Built in</Badge>}</h2>
          <p className="text-caption text-muted-foreground">PostgreSQL, read only</p>
        </div>
        <LookPill look={connectionLooks[source.state]} />
      </div>
      {source.description === '' ? <p className="text-row text-muted-foreground">Without a description the model chooses by the name alone.</p> : <p className="text-row wrap-anywhere">{source.description}</p>}
      <Facts>
        <Fact term="Address"><code className="text-caption">{source.url}</code></Fact>
        <Fact term="Password">{source.has_password ? <code className="text-caption">••••</code> : <span className="text-muted-foreground">none</span>}</Fact>
        <Fact term="Tables">{tableWords(source) ?? <span className="text-muted-foreground">every one its role may read</span>}</Fact>
        <Fact term="Limits">{limitWords(source)}</Fact>
        <Fact term="Used by"><UsedBy agents={source.used_by_agents} /></Fact>
        {test !== null && <Fact term="Last test"><span className={test.passed ? undefined : 'text-failed-text'}>{testWords({ ...test, warnings: told?.warnings ?? [] })}</span> <RelativeTime at={test.tested_at} className="text-caption text-muted-foreground" /></Fact>}
      </Facts>
      <StoredTest test={test === null || told === undefined ? null : { ...test, warnings: told.warnings }} expected={dataSourceStages} isTesting={isTesting} error={error} isOpen={hasStages} onOpen={setHasStages} />
      {canWrite && told?.sql !== undefined && <ReaderRoleHelp sql={told.sql} />}
      {source.is_built_in && <p className="text-caption text-muted-foreground">Comes from the setting MAESTRO_DATA_SOURCES; changed there.</p>}
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-1">
        {canWrite && <Button variant="outline" size="small" isBusy={isTesting} onClick={startTest} aria-label={`Test ${source.name}`}>{!isTesting && <Plug aria-hidden />}Test</Button>}
        <Button variant="outline" size="small" onClick={onTables} aria-label={`Tables of ${source.name}`}><Table2 aria-hidden />Tables</Button>
        {canWrite && !source.is_built_in && (
          <>
            <Button variant="outline" size="small" onClick={onEdit} aria-label={`Edit ${source.name}`}><Pencil aria-hidden />Edit</Button>
            <ItemMenu name={source.name} isEnabled={source.is_enabled} onSwitch={onSwitch} onDelete={onDelete} />
          </>
        )}
      </div>
    </Card>
  );
};
