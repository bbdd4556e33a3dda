import { type Secret, toSecretReference } from '@contracts/secrets.ts';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, Pencil, Plus, Trash2, TriangleAlert } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf } from '@/lib/format.ts';
import { oneWhoWrites, whoWrites } from '../components/who-writes.ts';
import { shownSecret } from '../forms/secret-field.tsx';
import type { IntegrationsSearch, OnIntegrationsSearch } from '../search.ts';

// Opened by a press.
const SecretSheet = lazy(() => import('./secret-dialogs.tsx').then((module) => ({ default: module.SecretSheet })));
const DeleteSecretDialog = lazy(() => import('./secret-dialogs.tsx').then((module) => ({ default: module.DeleteSecretDialog })));

const none = (words: string) => <span className="text-muted-foreground">{words}</span>;

const columns: Column<Secret>[] = [
  {
    key: 'name', header: 'Secret', className: 'w-full min-w-56 py-2',
    cell: (secret) => (
      <>
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="font-mono text-row font-medium wrap-anywhere">{secret.name}</span>
          <code className="text-caption text-muted-foreground">{shownSecret(secret.hint)}</code>
        </span>
        <span className="flex items-center gap-1 text-caption text-muted-foreground"><code className="min-w-0 wrap-anywhere">{toSecretReference(secret.name)}</code><CopyButton text={toSecretReference(secret.name)} label={`Copy the reference to ${secret.name}`} /></span>
        {secret.description !== '' && <span className="block text-caption text-muted-foreground wrap-anywhere">{secret.description}</span>}
        {!secret.is_readable && <span className="flex items-center gap-1 text-caption text-waiting-text"><TriangleAlert aria-hidden className="size-3.5 shrink-0" />cannot be opened</span>}
      </>
    ),
  },
  { key: 'hosts', header: 'http_request sends it to', className: 'min-w-40', cell: ({ hosts }) => (hosts.length === 0 ? none('nowhere') : <span className="text-caption wrap-anywhere">{hosts.join(', ')}</span>) },
  { key: 'used', header: 'Used by', className: 'min-w-32', cell: ({ used_by: users }) => (users.length === 0 ? none('nothing set up') : <span className="wrap-anywhere">{users.join(', ')}</span>) },
  { key: 'last', header: 'Last used', cell: ({ last_used_at: at }) => (at === null ? none('never') : <RelativeTime at={at} />) },
];

/** Named secrets: what each is for and where it may go. Their values are never here. */
export const SecretsTab = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const canWrite = useCan('integrations:write');
  const query = useQuery(apiQuery('listSecrets'));
  const [deletedId, setDeletedId] = useState<string>();
  const find = (id: string | undefined): Secret | undefined => query.data?.items.find((secret) => secret.id === id);
  const [edited, deleted] = [find(search.id), find(deletedId)];
  const close = (): void => onSearch({ id: undefined });
  const addButton = canWrite && <Button onClick={() => onSearch({ id: 'new' })}><Plus aria-hidden />Add secret</Button>;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-row text-muted-foreground">
          Keys and passwords that tools and MCP servers send. They are stored encrypted, referred to by name, and never shown: not here, not to a model, not in a trace.
          {!canWrite && <> Your role reads their names; {whoWrites} add, change and delete them.</>}
        </p>
        {query.data !== undefined && query.data.items.length > 0 && addButton}
      </div>
      <DataBlock
        query={query}
        what="Secrets"
        skeleton={<Skeleton className="h-48" />}
        isEmpty={({ items }) => items.length === 0}
        empty={<Card><EmptyState icon={KeyRound} title="No secret is kept yet." action={addButton}>{canWrite ? 'Add the key of a service once; then settings, headers and variables name it.' : `Ask ${oneWhoWrites} to add one.`}</EmptyState></Card>}
      >
        {({ items }) => {
          const closed = items.filter(({ is_readable: isReadable }) => !isReadable);
          return (
            <div className="flex flex-col gap-4">
              {closed.length > 0 && (
                <p role="status" className="rounded-card border border-waiting-text bg-waiting-tint p-3 text-row text-waiting-text">
                  <strong className="font-semibold">{countOf(closed.length, 'secret')} cannot be opened</strong> with this system’s key, so calls that need {closed.length === 1 ? 'it' : 'them'} fail: MAESTRO_ENCRYPTION_KEY was changed. Run <code>npm run rotate-key</code> with the old key and the new one, or give {closed.length === 1 ? 'it' : 'them'} new values here.
                </p>
              )}
              <DataTable
                rows={items}
                columns={columns}
                rowKey={({ id }) => id}
                caption="Secrets"
                {...(canWrite
                  ? {
                      actions: ({ id, name }: Secret) => (
                        <span className="flex justify-end gap-1">
                          <Button variant="ghost" size="icon-small" onClick={() => onSearch({ id })} aria-label={`Edit ${name}`}><Pencil aria-hidden /></Button>
                          <Button variant="ghost" size="icon-small" onClick={() => setDeletedId(id)} aria-label={`Delete ${name}`}><Trash2 aria-hidden /></Button>
                        </span>
                      ),
                    }
                  : {})}
              />
            </div>
          );
        }}
      </DataBlock>
      <Suspense fallback={null}>
        {canWrite && search.id === 'new' && <SecretSheet onClose={close} />}
        {canWrite && edited !== undefined && <SecretSheet key={edited.id} secret={edited} onClose={close} />}
        {deleted !== undefined && <DeleteSecretDialog secret={deleted} onClose={() => setDeletedId(undefined)} />}
      </Suspense>
    </>
  );
};
