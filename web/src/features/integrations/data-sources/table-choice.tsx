import type { DataSource } from '@contracts/data-sources.ts';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { toLines } from '../forms/lines.ts';
import type { DataSourceValues } from './data-source-values.ts';

const Listed = ({ source, chosen, onToggle }: { source: DataSource; chosen: ReadonlySet<string>; onToggle: (name: string) => void }) => {
  const id = useId();
  const tables = useQuery({ ...apiQuery('listDataSourceTables', { params: { id: source.id } }), staleTime: 60_000, retry: false });
  if (tables.data === undefined) {
    return tables.isError ? <p className="text-row text-muted-foreground">The tables cannot be listed now: {sentenceOf(tables.error)} <Button variant="link" size="inline" className="text-row" onClick={() => void tables.refetch()}>Try again</Button></p> : <p className="text-row text-muted-foreground">Reading its tables…</p>;
  }
  const { items, is_truncated: isTruncated } = tables.data;
  if (items.length === 0) return <p className="text-row text-muted-foreground">Its role reads no table there.</p>;
  return (
    <>
      <ul aria-label="Tables there" tabIndex={0} className="flex max-h-48 flex-col overflow-y-auto rounded-control border p-2">
        {items.map(({ name }, index) => (
          <li key={name} className="flex min-h-7 items-center gap-2 max-sm:min-h-11">
            <Checkbox id={`${id}-${index}`} checked={chosen.has(name)} onCheckedChange={() => onToggle(name)} />
            <label htmlFor={`${id}-${index}`} className="min-w-0 flex-1 font-mono text-row"><UntrustedText text={name} /></label>
          </li>
        ))}
      </ul>
      <p className="text-caption text-muted-foreground">
        {source.readable_tables === null ? 'What its role may read.' : 'What agents may read there now; others are named by hand.'}{isTruncated && ' There are more than are listed.'}
      </p>
    </>
  );
};

/** Which tables agents may read: all the role may, or these. Of a stored data source its tables can be picked. */
export const TableChoice = ({ source, values, error, onChange, onBlur }: { source: DataSource | undefined; values: DataSourceValues; error: string | undefined; onChange: (changes: Partial<DataSourceValues>) => void; onBlur: () => void }) => {
  const lines = toLines(values.readable_tables);
  const toggle = (name: string): void => onChange({ readable_tables: (lines.includes(name) ? lines.filter((line) => line !== name) : [...lines, name]).join('\n') });
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-body font-medium">Readable tables</legend>
      {([['all', 'Every table its role may read'], ['some', 'Only these']] as const).map(([value, words]) => (
        <label key={value} className="flex min-h-6 items-center gap-2 text-body max-sm:min-h-11">
          <input type="radio" name="tables" value={value} checked={values.tables === value} onChange={() => onChange({ tables: value })} className="size-4 accent-primary" />
          {words}
        </label>
      ))}
      {values.tables === 'some' && (
        <div className="flex flex-col gap-2 sm:pl-6">
          <Field label={<span className="sr-only">Tables</span>} hint="One a line: orders, sales.orders, or sales.* for a whole schema." error={error}>
            {(control) => <Textarea {...control} name="readable_tables" value={values.readable_tables} rows={3} className="font-mono" autoCapitalize="none" spellCheck={false} onChange={(event) => onChange({ readable_tables: event.target.value })} onBlur={onBlur} />}
          </Field>
          {source === undefined ? <p className="text-caption text-muted-foreground">Once it is saved, its tables can be picked from a list.</p> : <Listed source={source} chosen={new Set(lines)} onToggle={toggle} />}
        </div>
      )}
    </fieldset>
  );
};
