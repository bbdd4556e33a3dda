import { type Step, stepBodyListLimit } from '@contracts/runs.ts';
import { Download } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { formatBytes } from '@/lib/format.ts';
import { saveJson } from '../save-json.ts';

// Each is as large as the rest of the inspector, and most steps are no calls of tools.
const ToolOutput = lazy(() => import('../outputs/tool-output.tsx').then((module) => ({ default: module.ToolOutput })));
const ReadableArguments = lazy(() => import('@/components/approval/arguments/arguments-view.tsx').then((module) => ({ default: module.ReadableArguments })));

/** The step with its whole bodies, where the list left them out. */
export interface WholeStep {
  step: Step;
  isLoading: boolean;
  error: unknown;
  load: () => void;
}

/** Strings one level inside a body, readable: code keeps its lines, a mail its paragraphs. */
const readableParts = (value: unknown): { name: string; text: string }[] =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? []
    : Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' && (text.includes('\n') || text.length > 120) ? [{ name, text: text.slice(0, 64_000) }] : []));

const isArguments = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The whole of a body as JSON; folded where another view of it stands above. */
const Verbatim = ({ step, part, value, isFolded = false }: { step: Step; part: 'input' | 'output'; value: unknown; isFolded?: boolean }) => {
  const size = JSON.stringify(value).length;
  const title = `JSON, verbatim, ${formatBytes(size)}`;
  const download = size > stepBodyListLimit && <Button variant="outline" size="small" onClick={() => saveJson(`${step.id}-${part}.json`, value)}><Download aria-hidden />Download</Button>;
  const body: ReactNode = <JsonView value={value} label={part} />;
  if (isFolded) {
    return (
      <details>
        <summary className="min-h-6 cursor-pointer text-caption font-medium text-muted-foreground max-sm:min-h-11">{title}</summary>
        <div className="mt-1 flex flex-col items-start gap-2 [&>:last-child]:w-full">{download}{body}</div>
      </details>
    );
  }
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <div className="flex flex-wrap items-center justify-between gap-2"><h3 className="text-caption font-medium text-muted-foreground">{title}</h3>{download}</div>
      {body}
    </section>
  );
};

/** What went into a step or came out of it: in the form that suits it, and all of it verbatim. */
export const StepBody = ({ whole, part }: { whole: WholeStep; part: 'input' | 'output' }) => {
  const { step } = whole;
  const value = step[part];
  if (value === null && step.is_shortened) {
    if (whole.isLoading) return <div aria-busy="true"><span className="sr-only">Loading</span><Skeleton className="h-40" /></div>;
    if (whole.error !== null) return <ErrorPanel what={`The ${part}`} error={whole.error} onRetry={whole.load} />;
  }
  if (value === null) {
    return (
      <p className="text-row text-muted-foreground">
        {step.finished_at === null && part === 'output' ? 'Nothing yet: this step has not ended.' : `This step has no ${part}, or it is no longer kept.`}
      </p>
    );
  }
  if (step.kind === 'tool') {
    return (
      <div className="flex flex-col gap-4">
        <Suspense fallback={<Skeleton className="h-40" />}>{part === 'output' ? <ToolOutput step={step} /> : <ReadableArguments request={{ run_id: step.run_id, tool_name: step.tool_name ?? '', arguments: isArguments(value) ? value : { value } }} />}</Suspense>
        <Verbatim step={step} part={part} value={value} isFolded />
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {readableParts(value).map(({ name, text }) => (
        <section key={name} className="flex min-w-0 flex-col gap-1">
          <h3 className="text-caption font-medium text-muted-foreground">{name}</h3>
          <pre tabIndex={0} role="region" aria-label={name} className="max-h-72 overflow-auto rounded-control border bg-muted p-3 text-row whitespace-pre-wrap"><UntrustedText text={text} /></pre>
        </section>
      ))}
      <Verbatim step={step} part={part} value={value} />
    </div>
  );
};
