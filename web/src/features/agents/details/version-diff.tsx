import type { AgentVersion } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { diffLines, type DiffRow } from './line-diff.ts';
import { changedFields, versionFields } from './version-fields.ts';

const marks: Record<DiffRow['kind'], { left: string; right: string }> = {
  same: { left: '', right: '' },
  changed: { left: 'bg-failed-tint text-failed-text', right: 'bg-completed-tint text-completed-text' },
  removed: { left: 'bg-failed-tint text-failed-text', right: '' },
  added: { left: '', right: 'bg-completed-tint text-completed-text' },
};

const Side = ({ text, sign, className }: { text: string | undefined; sign: string; className: string }) => (
  <div className={cn('flex min-h-5 min-w-0 gap-2 px-2 whitespace-pre-wrap wrap-anywhere', text !== undefined && className)}>
    <span className="w-2 shrink-0 select-none">{text === undefined || className === '' ? '' : <><span aria-hidden>{sign}</span><span className="sr-only">{sign === '−' ? 'before: ' : 'after: '}</span></>}</span>
    <span className="min-w-0">{text}</span>
  </div>
);

const Rows = ({ rows }: { rows: DiffRow[] }) => (
  <div className="text-row">
    {rows.map(({ kind, left, right }, index) => (
      <div key={index} className="grid grid-cols-2 gap-px">
        <Side text={left} sign="−" className={marks[kind].left} />
        <Side text={right} sign="+" className={marks[kind].right} />
      </div>
    ))}
  </div>
);

const Definition = ({ fields }: { fields: { label: string; rows: DiffRow[] }[] }) => (
  <dl className="grid gap-x-4 gap-y-2 text-row sm:grid-cols-[auto_1fr]">
    {fields.map(({ label, rows }) => (
      <div key={label} className="flex flex-col sm:contents">
        <dt className="text-muted-foreground max-sm:text-caption">{label}</dt>
        <dd className="whitespace-pre-wrap wrap-anywhere">{rows.map((row) => row.right).join('\n') || 'none'}</dd>
      </div>
    ))}
  </dl>
);

/** Two versions side by side; fields that are the same are folded away. */
export const VersionDiff = ({ left, right, all, onChoose }: { left: AgentVersion | undefined; right: AgentVersion; all: AgentVersion[]; onChoose: (from: number) => void }) => {
  const id = useId();
  const connections = useQuery(apiQuery('listModels')).data?.items;
  const changedLabels = left === undefined ? [] : changedFields(left, right);
  const fields = versionFields.map(({ label, isText = false, read }) => {
    const before = left === undefined ? '' : read(left, connections);
    const after = read(right, connections);
    return { label, isSame: left !== undefined && !changedLabels.includes(label), rows: isText ? diffLines(before, after) : diffLines(left === undefined ? '' : before, after) };
  });
  const changed = fields.filter((field) => !field.isSame);
  const same = fields.filter((field) => field.isSame);
  const choices = all.filter((version) => version.version !== right.version);
  return (
    <Card aria-labelledby={id}>
      <CardHeader>
        <CardTitle id={id}>{left === undefined ? `Version ${right.version}` : `Version ${left.version} and version ${right.version}`}</CardTitle>
        {choices.length > 0 && (
          <label className="flex items-center gap-2 text-row">
            <span className="whitespace-nowrap">Compare with</span>
            <Select value={left?.version ?? ''} onChange={(event) => onChoose(Number(event.target.value))} className="w-36">
              {left === undefined && <option value="">nothing</option>}
              {choices.map(({ version }) => <option key={version} value={version}>version {version}</option>)}
            </Select>
          </label>
        )}
      </CardHeader>
      <CardContent className="flex flex-col gap-4">
        {changed.length === 0 && <p className="text-body">Both say the same.</p>}
        {left === undefined && <Definition fields={fields} />}
        {left !== undefined && changed.map(({ label, rows }) => (
          <section key={label}>
            <h3 className="mb-1 text-caption font-medium text-muted-foreground">{label}</h3>
            <div className="overflow-hidden rounded-control border py-1">
              <Rows rows={rows} />
            </div>
          </section>
        ))}
        {same.length > 0 && (
          <details>
            <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">The same in both: {same.map(({ label }) => label.toLowerCase()).join(', ')}</summary>
            <div className="mt-2"><Definition fields={same} /></div>
          </details>
        )}
      </CardContent>
    </Card>
  );
};
