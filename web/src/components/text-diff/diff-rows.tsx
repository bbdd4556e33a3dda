import { cn } from '@/lib/cn.ts';
import type { DiffRow } from './line-diff.ts';

const marks: Record<DiffRow['kind'], { left: string; right: string }> = {
  same: { left: '', right: '' },
  changed: { left: 'bg-failed-tint text-failed-text', right: 'bg-completed-tint text-completed-text' },
  removed: { left: 'bg-failed-tint text-failed-text', right: '' },
  added: { left: '', right: 'bg-completed-tint text-completed-text' },
};

const Side = ({ text, sign, className, isHiddenOnPhones }: { text: string | undefined; sign: string; className: string; isHiddenOnPhones: boolean }) => (
  <div className={cn('flex min-h-5 min-w-0 gap-2 px-2 whitespace-pre-wrap wrap-anywhere', text !== undefined && className, isHiddenOnPhones && 'max-sm:hidden')}>
    <span className="w-2 shrink-0 select-none">{text === undefined || className === '' ? '' : <><span aria-hidden>{sign}</span><span className="sr-only">{sign === '−' ? 'before: ' : 'after: '}</span></>}</span>
    <span className="min-w-0">{text}</span>
  </div>
);

/** Two texts: what was, what is; marked by sign and tint. Side by side, on phones below each other with what is the same once. */
export const DiffRows = ({ rows }: { rows: DiffRow[] }) => (
  <div className="text-row">
    {rows.map(({ kind, left, right }, index) => (
      <div key={index} className="grid gap-px sm:grid-cols-2">
        <Side text={left} sign="−" className={marks[kind].left} isHiddenOnPhones={left === undefined} />
        <Side text={right} sign="+" className={marks[kind].right} isHiddenOnPhones={right === undefined || kind === 'same'} />
      </div>
    ))}
  </div>
);
