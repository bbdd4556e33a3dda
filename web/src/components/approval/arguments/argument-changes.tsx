import { cn } from '@/lib/cn.ts';
import { countOf } from '@/lib/format.ts';
import { type DiffLine, diffLinesBelow } from '../../text-diff/line-diff.ts';
import { UntrustedText } from '../../untrusted-text.tsx';
import { type ArgumentChange, diffArguments } from './argument-diff.ts';
import type { Arguments } from './argument-items.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

const linesOf = ({ kind, before, after }: ArgumentChange): DiffLine[] => {
  if (kind === 'added') return textOf(after).split('\n').map((text) => ({ kind: 'added', text }));
  if (kind === 'removed') return textOf(before).split('\n').map((text) => ({ kind: 'removed', text }));
  return diffLinesBelow(textOf(before), textOf(after));
};

const looks = {
  same: { mark: ' ', word: '', className: 'text-muted-foreground' },
  removed: { mark: '−', word: 'removed: ', className: 'bg-failed-tint text-failed-text' },
  added: { mark: '+', word: 'added: ', className: 'bg-completed-tint text-completed-text' },
};

/** Lines around a change that are shown; the others are counted. */
const contextLines = 2;

const isNear = (lines: DiffLine[], index: number): boolean =>
  lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ kind }) => kind !== 'same');

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

const Change = ({ change }: { change: ArgumentChange }) => {
  const lines = linesOf(change);
  const isTypeChange = change.kind === 'changed' && typeOf(change.before) !== typeOf(change.after);
  return (
    <div className="min-w-0">
      <p className="mb-1 text-caption font-medium">
        <UntrustedText text={change.path} /> <span className="font-normal text-muted-foreground">{change.kind}{isTypeChange && `: ${typeOf(change.before)} to ${typeOf(change.after)}`}</span>
      </p>
      <div className="overflow-hidden rounded-control border font-mono text-row">
        {lines.map((line, index) => {
          if (!isNear(lines, index)) {
            // One mark for each stretch of lines that stayed.
            if (index > 0 && !isNear(lines, index - 1)) return null;
            const length = lines.slice(index).findIndex((_, ahead) => isNear(lines, index + ahead));
            return <p key={index} className="bg-muted px-3 text-caption text-muted-foreground">{countOf(length < 0 ? lines.length - index : length, 'unchanged line')}</p>;
          }
          const { mark, word, className } = looks[line.kind];
          return (
            <p key={index} className={cn('flex min-h-5 gap-2 px-3', className)}>
              <span aria-hidden className="w-3 shrink-0 select-none">{mark}</span>
              <span className="min-w-0 whitespace-pre-wrap"><span className="sr-only">{word}</span><UntrustedText text={line.text} /></span>
            </p>
          );
        })}
      </div>
    </div>
  );
};

/** What an edit changes, argument by argument and line by line. */
export const ArgumentChanges = ({ before, after }: { before: Arguments; after: Arguments }) => {
  const changes = diffArguments(before, after);
  if (changes.length === 0) return <p className="text-row text-muted-foreground">Nothing differs.</p>;
  return <div className="flex flex-col gap-3">{changes.map((change) => <Change key={change.path} change={change} />)}</div>;
};
