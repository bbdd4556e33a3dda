import type { Step } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import { diffLines } from '@/components/approval/argument-diff.ts';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import type { StepPair } from '../align-steps.ts';

const longest = 16_000;
const textOf = (body: unknown): string => {
  const text = body === null || body === undefined ? '' : JSON.stringify(body, null, 2).replaceAll('\\n', '\n');
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}\n…` : text;
};

const lineLooks = { same: { sign: ' ', className: '' }, removed: { sign: 'A', className: 'bg-failed-tint text-failed-text' }, added: { sign: 'B', className: 'bg-completed-tint text-completed-text' } };

/** One part of both steps line by line. Lines of A alone carry an A, lines of B alone a B. */
const PartDiff = ({ title, a, b }: { title: string; a: unknown; b: unknown }) => {
  const [before, after] = [textOf(a), textOf(b)];
  if (before === '' && after === '') return null;
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <h3 className="text-caption font-medium text-muted-foreground">{title}{before === after && ', the same in both'}</h3>
      <div tabIndex={0} role="region" aria-label={`${title} of both steps`} className="max-h-80 overflow-auto rounded-control border bg-card py-1 font-mono text-caption">
        {diffLines(before, after).map((line, index) => (
          <div key={index} className={cn('flex gap-2 px-2', lineLooks[line.kind].className)}>
            <span className="w-3 shrink-0 select-none">{lineLooks[line.kind].sign}<span className="sr-only">{line.kind === 'same' ? '' : ' only: '}</span></span>
            <UntrustedText isBlock text={line.text} className="min-w-0 flex-1" />
          </div>
        ))}
      </div>
    </section>
  );
};

const StepLink = ({ side, step }: { side: string; step: Step | undefined }) =>
  step === undefined ? null : <Link to="/maestro/runs/$runId" params={{ runId: step.run_id }} search={{ step: step.id }} className="underline underline-offset-2">Open in {side}</Link>;

/** What differs between the two steps of a pair: their states, inputs, outputs and errors. */
export const PairDetails = ({ pair }: { pair: StepPair }) => {
  const { a, b } = pair;
  const isPartial = a?.is_shortened === true || b?.is_shortened === true;
  return (
    <div className="flex flex-col gap-3 border-t bg-muted/50 p-3">
      {isPartial && <p className="text-caption text-muted-foreground">Bodies above 16 kB are left out here. The steps themselves have them.</p>}
      <PartDiff title="Input" a={a?.input} b={b?.input} />
      <PartDiff title="Output" a={a?.output} b={b?.output} />
      <PartDiff title="Error" a={a?.error} b={b?.error} />
      <p className="flex gap-4 text-row"><StepLink side="A" step={a} /><StepLink side="B" step={b} /></p>
    </div>
  );
};
