import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { RequestId } from '../error-panel.tsx';

export type HeadingLevel = 2 | 3;

/** One block of the card under its own heading, so that it can be walked by headings. */
export const Part = ({ title, level, children }: { title: string; level: HeadingLevel; children: ReactNode }) => {
  const id = useId();
  const Heading = level === 2 ? 'h3' : 'h4';
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-2 border-t p-4">
      <Heading id={id} className="text-body font-semibold">{title}</Heading>
      {children}
    </section>
  );
};

/** Something the reader must know before going on, above the content. */
export const Notice = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <div role="alert" className="flex flex-wrap items-start gap-x-3 gap-y-2 border-t bg-waiting-tint p-4 text-body text-waiting-text">
    <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
    <div className="min-w-0 flex-1">{children}</div>
    {action}
  </div>
);

/** A decision the server did not take, and why. */
export const NotRecorded = ({ error }: { error: unknown }) => (
  <div role="alert" className="rounded-control border border-destructive px-3 py-2 text-row">
    <p className="font-medium text-destructive">The decision was not recorded</p>
    <p>{sentenceOf(error)}</p>
    {error instanceof ApiError && error.requestId !== null && <RequestId id={error.requestId} />}
  </div>
);
