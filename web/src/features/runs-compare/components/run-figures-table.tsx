import type { Run } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Unknown } from '@/components/figures.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { formatDuration, formatInteger, formatMoney, shortId } from '@/lib/format.ts';

const tokensOf = ({ usage }: Run): number | null => (usage.input_tokens === null || usage.output_tokens === null ? null : usage.input_tokens + usage.output_tokens);

const figures: { label: string; value: (run: Run) => number | null; format: (value: number) => string; reason: string }[] = [
  { label: 'Active time', value: (run) => run.active_ms, format: formatDuration, reason: 'no worker has begun this run yet' },
  { label: 'Waiting time', value: (run) => run.waiting_ms, format: formatDuration, reason: 'not measured' },
  { label: 'Iterations', value: (run) => run.iterations, format: formatInteger, reason: 'not counted' },
  { label: 'Tokens', value: tokensOf, format: formatInteger, reason: 'a provider reported no token counts' },
  { label: 'Cost', value: (run) => run.cost_micro_usd, format: formatMoney, reason: 'the price of a model used here is not known' },
];

/** B against A: more or less, in the unit of the figure. */
const deltaOf = (a: number | null, b: number | null, format: (value: number) => string): ReactNode => {
  if (a === null || b === null) return <Unknown reason="one side is not known" />;
  if (a === b) return <span className="text-muted-foreground">same</span>;
  return `${b > a ? '+' : '−'}${format(Math.abs(b - a))}`;
};

const Head = ({ side, run, onChange }: { side: string; run: Run; onChange: () => void }) => (
  <span className="flex flex-wrap items-center gap-x-2 py-1 text-row font-normal">
    <strong className="text-foreground">{side}</strong>
    <Link to="/maestro/runs/$runId" params={{ runId: run.run_id }} className="text-foreground underline underline-offset-2"><code>{shortId(run.run_id)}</code></Link>
    <Button variant="link" size="inline" onClick={onChange}>Change<span className="sr-only"> run {side}</span></Button>
  </span>
);

/** The figures of both runs and what B has more or less. */
export const RunFiguresTable = ({ a, b, onChange }: { a: Run; b: Run; onChange: (side: 'a' | 'b') => void }) => (
  <Card className="overflow-hidden">
    <Table>
      <caption className="sr-only">Figures of both runs</caption>
      <TableHeader>
        <TableRow>
          <TableHead><span className="sr-only">Figure</span></TableHead>
          <TableHead><Head side="A" run={a} onChange={() => onChange('a')} /></TableHead>
          <TableHead><Head side="B" run={b} onChange={() => onChange('b')} /></TableHead>
          <TableHead className="text-right">B against A</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        <TableRow>
          <TableHead scope="row">State</TableHead>
          <TableCell><StatePill phase={a.status} /></TableCell>
          <TableCell><StatePill phase={b.status} /></TableCell>
          <TableCell className="text-right">{a.status === b.status ? <span className="text-muted-foreground">same</span> : 'different'}</TableCell>
        </TableRow>
        <TableRow>
          <TableHead scope="row">Goal</TableHead>
          <TableCell className="max-w-64"><UntrustedText text={a.goal} className="line-clamp-2" /></TableCell>
          <TableCell className="max-w-64"><UntrustedText text={b.goal} className="line-clamp-2" /></TableCell>
          <TableCell className="text-right">{a.goal === b.goal ? <span className="text-muted-foreground">same</span> : 'different'}</TableCell>
        </TableRow>
        <TableRow>
          <TableHead scope="row">Agent and model</TableHead>
          {[a, b].map((run) => <TableCell key={run.run_id}>{run.agent_name}, version {run.agent_version}; {run.llm_model}</TableCell>)}
          <TableCell className="text-right">{a.agent_id === b.agent_id && a.agent_version === b.agent_version ? <span className="text-muted-foreground">same</span> : 'different'}</TableCell>
        </TableRow>
        {figures.map(({ label, value, format, reason }) => {
          const [left, right] = [value(a), value(b)];
          return (
            <TableRow key={label}>
              <TableHead scope="row">{label}</TableHead>
              <TableCell className="tabular">{left === null ? <Unknown reason={reason} /> : format(left)}</TableCell>
              <TableCell className="tabular">{right === null ? <Unknown reason={reason} /> : format(right)}</TableCell>
              <TableCell className="tabular text-right whitespace-nowrap">{deltaOf(left, right, format)}</TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  </Card>
);
