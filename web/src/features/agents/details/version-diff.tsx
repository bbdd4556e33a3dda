import type { AgentVersion } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { diffLines, type DiffRow } from '@/components/text-diff/line-diff.ts';
import { DiffRows } from '@/components/text-diff/diff-rows.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { changedFields, versionFields } from './version-fields.ts';

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
              <DiffRows rows={rows} />
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
