import type { ReactNode } from 'react';
import { LongText } from '@/components/approval/arguments/long-text.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { toRecordTable } from './output-shapes.ts';
import { ResultTable } from './result-table.tsx';

/** One part of an output under its own heading. */
export const OutputPart = ({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) => (
  <section aria-label={title} className="flex min-w-0 flex-col gap-1.5">
    <h3 className="text-caption font-medium text-muted-foreground">{title}{note !== undefined && <span className="font-normal">, {note}</span>}</h3>
    {children}
  </section>
);

export const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-caption leading-5 text-muted-foreground">{label}</dt>
    <dd className="min-w-0 wrap-anywhere">{children}</dd>
  </>
);

export const Facts = ({ children }: { children: ReactNode }) => <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1 text-row">{children}</dl>;

const isPlain = (value: unknown): boolean => value === null || ['number', 'boolean'].includes(typeof value);

/** Any value, in the form that reads best: a word, a text, a table of records, else JSON. */
export const ValueView = ({ value, label }: { value: unknown; label: string }) => {
  if (isPlain(value)) return <p className="tabular text-row font-medium">{String(value)}</p>;
  if (typeof value === 'string') return <LongText isCode text={value} label={label} />;
  const table = toRecordTable(value);
  return table === undefined ? <JsonView value={value} label={label} /> : <ResultTable table={table} name={label} />;
};

/** An address somebody else wrote: the whole of it as text, opened only on a click and without a word of where it was found. */
export const OutsideLink = ({ url, children }: { url: string; children?: ReactNode }) =>
  URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" className="text-primary underline underline-offset-2 wrap-anywhere hover:no-underline">
      {children ?? <UntrustedText text={url} />}<span className="sr-only"> (new tab)</span>
    </a>
  ) : (
    <UntrustedText text={url} />
  );
