import { CircleAlert } from 'lucide-react';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { cn } from '@/lib/cn.ts';
import { CopyButton } from './copy-button.tsx';
import { Button } from './ui/button.tsx';

/** The id of a failed request, to quote when asking for help. */
export const RequestId = ({ id }: { id: string }) => (
  <span className="inline-flex items-center gap-1 text-caption text-muted-foreground">
    Request <code className="select-all">{id}</code>
    <CopyButton text={id} label="Copy request id" />
  </span>
);

/** What failed, why, and what to do: the server's sentence, its request id and Retry. */
export const ErrorPanel = ({ what, error, onRetry, isRetrying = false, className }: { what: string; error: unknown; onRetry?: () => void; isRetrying?: boolean; className?: string }) => (
  <div role="alert" className={cn('flex flex-wrap items-start gap-3 rounded-card border border-destructive bg-card p-4', className)}>
    <CircleAlert aria-hidden className="size-5 shrink-0 text-destructive" />
    <div className="min-w-0 flex-1">
      <p className="text-body font-medium">{what} could not be loaded</p>
      <p className="text-row text-muted-foreground">{sentenceOf(error)}</p>
      {error instanceof ApiError && error.requestId !== null && <RequestId id={error.requestId} />}
    </div>
    {onRetry !== undefined && <Button variant="outline" size="small" onClick={onRetry} isBusy={isRetrying}>Retry</Button>}
  </div>
);
