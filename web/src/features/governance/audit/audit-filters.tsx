import type { AuditEntry } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type FormEvent, useRef } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { formatAbsoluteTime } from '@/lib/format.ts';
import { RangeFields } from '../range/range-fields.tsx';
import { type GovernanceSearch, type OnGovernanceSearch } from '../search.ts';
import { actionWords, groupActions, kindWords } from './audit-actions.ts';

export const clearedAuditFilters = { action: undefined, object: undefined, actor: undefined, from: undefined, to: undefined, entry: undefined } satisfies GovernanceSearch;

const names = { action: 'action', object: 'object', actor: 'person', from: 'range', to: 'range' } as const;
/** Which filters are set, in words, for "nothing matches". */
export const auditFilterWords = (search: GovernanceSearch): string[] => [...new Set((Object.keys(names) as (keyof typeof names)[]).filter((key) => search[key] !== undefined).map((key) => names[key]))];

const ActionSelect = ({ chosen, entries, onChosen }: { chosen: string | undefined; entries: readonly AuditEntry[]; onChosen: (action: string | undefined) => void }) => (
  <Select data-filter aria-label="Action" className="sm:w-60" value={chosen ?? ''} onChange={(event) => onChosen(event.target.value === '' ? undefined : event.target.value)}>
    <option value="">All actions</option>
    {groupActions([...entries.map(({ action }) => action), ...(chosen === undefined ? [] : [chosen])]).map(({ kind, actions }) => (
      <optgroup key={kind} label={kindWords(kind)}>
        <option value={`${kind}.*`}>{actionWords(`${kind}.*`)}</option>
        {actions.map((action) => <option key={action} value={action}>{actionWords(action)}</option>)}
      </optgroup>
    ))}
  </Select>
);

/** Everybody there is, for whoever may see the list of people; for others whoever stands in the entries on screen. */
const PersonSelect = ({ chosen, entries, onChosen }: { chosen: string | undefined; entries: readonly AuditEntry[]; onChosen: (actor: string | undefined) => void }) => {
  const users = useQuery({ ...apiQuery('listUsers'), enabled: useCan('users:read'), staleTime: 60_000 });
  const people = new Map([
    ...(chosen === undefined ? [] : [[chosen, `Person ${chosen.slice(0, 8)}`] as const]),
    ...entries.flatMap(({ actor }) => (actor.user_id === null ? [] : [[actor.user_id, actor.name] as const])),
    ...(users.data?.items ?? []).map(({ id, name }) => [id, name] as const),
  ]);
  return (
    <Select aria-label="Person" className="sm:w-48" value={chosen ?? ''} onChange={(event) => onChosen(event.target.value === '' ? undefined : event.target.value)}>
      <option value="">Everybody</option>
      {[...people].map(([id, name]) => <option key={id} value={id}>{name}</option>)}
    </Select>
  );
};

const rangeWords = ({ from, to }: GovernanceSearch): string =>
  from === undefined ? (to === undefined ? 'any time' : `until ${formatAbsoluteTime(to)}`) : `${formatAbsoluteTime(from)} to ${to === undefined ? 'now' : formatAbsoluteTime(to)}`;

/** What of the log is listed. All of it lives in the address. */
export const AuditFilters = ({ search, onSearch, entries }: { search: GovernanceSearch; onSearch: OnGovernanceSearch; entries: readonly AuditEntry[] }) => {
  const ref = useRef<HTMLInputElement>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const id = ref.current?.value.trim() ?? '';
    onSearch({ object: id === '' ? undefined : id, entry: undefined });
  };
  return (
    <form role="search" aria-label="Filter the audit log" onSubmit={submit} className="mb-3 flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <ActionSelect chosen={search.action} entries={entries} onChosen={(action) => onSearch({ action, entry: undefined })} />
        <PersonSelect chosen={search.actor} entries={entries} onChosen={(actor) => onSearch({ actor, entry: undefined })} />
        {/* Another address is another field: what is typed follows the address, not the other way round. */}
        <Input key={search.object ?? ''} ref={ref} aria-label="Object id" placeholder="Object id, whole" defaultValue={search.object ?? ''} className="min-w-0 flex-1 sm:max-w-96" autoComplete="off" spellCheck={false} />
        <Button type="submit" variant="outline">Filter</Button>
        {auditFilterWords(search).length > 0 && <Button variant="ghost" onClick={() => onSearch(clearedAuditFilters)}><X aria-hidden />Clear</Button>}
      </div>
      <details>
        <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">When: {rangeWords(search)}</summary>
        <div className="mt-2"><RangeFields range={{ from: search.from, to: search.to }} onRange={({ from, to }) => onSearch({ from, to, entry: undefined })} /></div>
      </details>
    </form>
  );
};
