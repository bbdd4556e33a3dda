import { stepKindSchema } from '@contracts/runs.ts';
import type { ObservabilityResponse } from '@contracts/system.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { aboveRowLink, type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { Duration, Money } from '@/components/figures.tsx';
import { stepKindLooks } from '@/components/step-kind-icon.tsx';
import { cn } from '@/lib/cn.ts';
import { formatInteger, formatShare, shortId } from '@/lib/format.ts';

type Data = ObservabilityResponse;

const number = (value: number): ReactNode => <span className="tabular">{formatInteger(value)}</span>;
/** A count with its share; colour and weight only where there is something. */
const failures = (failed: number, all: number): ReactNode => (
  <span className={cn('tabular whitespace-nowrap', failed > 0 && 'font-medium text-failed-text')}>{formatInteger(failed)}{failed > 0 && ` (${formatShare(failed / Math.max(1, all))})`}</span>
);
const notEnded = 'none has ended';
const linkClass = cn(aboveRowLink, 'font-medium underline underline-offset-2 hover:no-underline');

const agentColumns: Column<Data['by_agent'][number]>[] = [
  { key: 'agent', header: 'Agent', cell: (row) => <Link to="/maestro/agents/$agentId" params={{ agentId: row.agent_id }} className={linkClass}>{row.agent_name}</Link> },
  { key: 'runs', header: 'Runs', align: 'right', cell: (row) => number(row.runs) },
  { key: 'failed', header: 'Failed', align: 'right', cell: (row) => failures(row.failed, row.runs) },
  { key: 'p95', header: 'p95', align: 'right', cell: (row) => <Duration ms={row.p95_ms} reason={notEnded} /> },
  { key: 'cost', header: 'Cost', align: 'right', cell: (row) => <Money microUsd={row.cost_micro_usd} /> },
];
const modelColumns: Column<Data['by_model'][number]>[] = [
  { key: 'model', header: 'Model', cell: (row) => <span className="font-medium">{row.llm_model}</span> },
  { key: 'calls', header: 'Calls', align: 'right', cell: (row) => number(row.calls) },
  { key: 'failed', header: 'Failed', align: 'right', cell: (row) => failures(row.failed, row.calls) },
  { key: 'p95', header: 'p95', align: 'right', cell: (row) => <Duration ms={row.p95_ms} reason={notEnded} /> },
  { key: 'cost', header: 'Cost', align: 'right', cell: (row) => <Money microUsd={row.cost_micro_usd} /> },
];
const toolColumns: Column<Data['by_tool'][number]>[] = [
  { key: 'tool', header: 'Tool', cell: (row) => <code className="font-medium">{row.tool_name}</code> },
  { key: 'calls', header: 'Calls', align: 'right', cell: (row) => number(row.calls) },
  { key: 'failed', header: 'Failed', align: 'right', cell: (row) => failures(row.failed, row.calls) },
  { key: 'refused', header: 'Refused', align: 'right', cell: (row) => number(row.refused) },
  { key: 'p95', header: 'p95', align: 'right', cell: (row) => <Duration ms={row.p95_ms} reason="none was executed" /> },
];
const errorColumns: Column<Data['errors'][number]>[] = [
  { key: 'code', header: 'Cause', cell: (row) => <code className="font-medium wrap-anywhere">{row.code}</code> },
  { key: 'count', header: 'Runs', align: 'right', cell: (row) => number(row.count) },
  { key: 'example', header: 'Newest', align: 'right', cell: (row) => <Link to="/maestro/runs/$runId" params={{ runId: row.example_run_id }} className={linkClass}>Run {shortId(row.example_run_id)}</Link> },
];
const modelErrorColumns: Column<Data['model_errors'][number]>[] = [
  { key: 'code', header: 'Cause', cell: (row) => <code className="font-medium wrap-anywhere">{row.code}</code> },
  { key: 'model', header: 'Model', cell: (row) => <span className="wrap-anywhere">{row.llm_model} <span className="text-muted-foreground">by {row.llm_connection}</span></span> },
  { key: 'count', header: 'Requests', align: 'right', cell: (row) => number(row.count) },
  { key: 'example', header: 'Newest', align: 'right', cell: (row) => <Link to="/maestro/runs/$runId" params={{ runId: row.example_run_id }} className={linkClass}>Run {shortId(row.example_run_id)}</Link> },
];
const kindWord = (kind: string): string => {
  const known = stepKindSchema.safeParse(kind);
  return known.success ? stepKindLooks[known.data].word : kind;
};
const slowestColumns: Column<Data['slowest_steps'][number]>[] = [
  { key: 'step', header: 'Step', cell: (row) => <Link to="/maestro/runs/$runId" params={{ runId: row.run_id }} search={{ step: row.step_id }} className={linkClass}>{kindWord(row.kind)}{row.tool_name !== null && ` · ${row.tool_name}`}</Link> },
  { key: 'run', header: 'Run', align: 'right', cell: (row) => <code className="text-muted-foreground">{shortId(row.run_id)}</code> },
  { key: 'duration', header: 'Took', align: 'right', cell: (row) => <Duration ms={row.duration_ms} /> },
];

const Section = <Row,>({ title, rows, columns, rowKey, nothing }: { title: string; rows: Row[]; columns: Column<Row>[]; rowKey: (row: Row) => string; nothing: string }) => (
  <section aria-label={title} className="min-w-0">
    <h3 className="mb-2 text-body font-semibold">{title}</h3>
    {rows.length === 0 ? <p className="rounded-card border bg-card p-4 text-row text-muted-foreground">{nothing}</p> : <DataTable rows={rows} columns={columns} rowKey={rowKey} caption={title} />}
  </section>
);

/** Where the figures come from: by agent, model and tool, what failed, what was slow. */
export const Breakdowns = ({ data }: { data: Data }) => (
  <div className="grid gap-4 xl:grid-cols-2">
    <Section title="Causes of failure" rows={data.errors} columns={errorColumns} rowKey={(row) => row.code} nothing="Nothing failed in this range." />
    <Section title="Failed requests to models" rows={data.model_errors} columns={modelErrorColumns} rowKey={(row) => `${row.code}/${row.llm_connection}/${row.llm_model}`} nothing="Every request to a model was answered." />
    <Section title="By agent" rows={data.by_agent} columns={agentColumns} rowKey={(row) => row.agent_id} nothing="No agent ran." />
    <Section title="By model" rows={data.by_model} columns={modelColumns} rowKey={(row) => `${row.llm_provider}/${row.llm_model}`} nothing="No model was called." />
    <Section title="By tool" rows={data.by_tool} columns={toolColumns} rowKey={(row) => row.tool_name} nothing="No tool was called." />
    <Section title="Slowest steps" rows={data.slowest_steps} columns={slowestColumns} rowKey={(row) => row.step_id} nothing="No step has ended." />
  </div>
);
