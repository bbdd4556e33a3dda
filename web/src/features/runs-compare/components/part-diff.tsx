import { diffLinesBelow } from '@/components/text-diff/line-diff.ts';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';

const longest = 16_000;
const textOf = (body: unknown): string => {
  const text = body === null || body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2).replaceAll('\\n', '\n');
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}\n…` : text;
};

const lineLooks = { same: { sign: ' ', className: '' }, removed: { sign: 'A', className: 'bg-failed-tint text-failed-text' }, added: { sign: 'B', className: 'bg-completed-tint text-completed-text' } };

/** One part of both sides line by line. Lines of A alone carry an A, lines of B alone a B. */
export const PartDiff = ({ title, a, b }: { title: string; a: unknown; b: unknown }) => {
  const [before, after] = [textOf(a), textOf(b)];
  if (before === '' && after === '') return null;
  return (
    <section className="flex min-w-0 flex-col gap-1">
      <h3 className="text-caption font-medium text-muted-foreground">{title}{before === after && ', the same in both'}</h3>
      <div tabIndex={0} role="region" aria-label={`${title} of A and B`} className="max-h-80 overflow-auto rounded-control border bg-card py-1 font-mono text-caption">
        {diffLinesBelow(before, after).map((line, index) => (
          <div key={index} className={cn('flex gap-2 px-2', lineLooks[line.kind].className)}>
            <span className="w-3 shrink-0 select-none">{lineLooks[line.kind].sign}<span className="sr-only">{line.kind === 'same' ? '' : ' only: '}</span></span>
            <UntrustedText isBlock text={line.text} className="min-w-0 flex-1" />
          </div>
        ))}
      </div>
    </section>
  );
};
