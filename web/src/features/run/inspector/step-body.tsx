import { type Step, stepBodyListLimit } from '@contracts/runs.ts';
import { Download } from 'lucide-react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { formatBytes } from '@/lib/format.ts';
import { saveJson } from '../save-json.ts';

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

/** What went into a step or came out of it: long texts readable first, then all of it verbatim. */
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
  const parts = readableParts(value);
  const size = JSON.stringify(value).length;
  return (
    <div className="flex flex-col gap-3">
      {parts.map(({ name, text }) => (
        <section key={name} className="flex min-w-0 flex-col gap-1">
          <h3 className="text-caption font-medium text-muted-foreground">{name}</h3>
          <pre tabIndex={0} role="region" aria-label={name} className="max-h-72 overflow-auto rounded-control border bg-muted p-3 text-row whitespace-pre-wrap"><UntrustedText text={text} /></pre>
        </section>
      ))}
      <section className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h3 className="text-caption font-medium text-muted-foreground">JSON, verbatim, {formatBytes(size)}</h3>
          {size > stepBodyListLimit && <Button variant="outline" size="small" onClick={() => saveJson(`${step.id}-${part}.json`, value)}><Download aria-hidden />Download</Button>}
        </div>
        <JsonView value={value} label={part} />
      </section>
    </div>
  );
};
