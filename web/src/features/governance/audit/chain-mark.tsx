import { streamEndpoints } from '@contracts/endpoints.ts';
import { useQuery } from '@tanstack/react-query';
import { LoaderCircle, RotateCw, ShieldAlert, ShieldCheck } from 'lucide-react';
import { CopyButton } from '@/components/copy-button.tsx';
import { DownloadButton } from '@/components/download-button.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { pillClass } from '@/components/state-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { countOf } from '@/lib/format.ts';

/** Checking reads the whole log, so that it is not done again with every look. */
const freshMs = 60_000;

const Command = ({ text, label }: { text: string; label: string }) => (
  <span className="flex min-w-0 items-start gap-1 rounded-control border bg-muted px-2 py-1">
    <code className="min-w-0 flex-1 py-1 wrap-anywhere">{text}</code>
    <CopyButton text={text} label={label} />
  </span>
);

const OfflineHelp = ({ headHash }: { headHash: string }) => (
  <details>
    <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">Verify it elsewhere</summary>
    <div className="mt-1 flex max-w-prose flex-col gap-2 text-row">
      <p>Take the sealed log and, on any machine with this project, without its database and without a network:</p>
      <Command text="npm run verify-audit -- audit.ndjson" label="Copy the command" />
      <p>Each entry is hashed anew together with the hash of the one before. What is cut off at the end only shows against a hash kept from earlier, so keep the newest one somewhere else:</p>
      <Command text={`npm run verify-audit -- audit.ndjson --head ${headHash}`} label="Copy the command with the newest hash" />
    </div>
  </details>
);

/** Whether the chain of hashes over the log is whole, how to check that elsewhere, and the file to do it with. */
export const ChainMark = () => {
  const query = useQuery({ ...apiQuery('verifyAudit'), staleTime: freshMs });
  const { data, error, isFetching } = query;
  return (
    <section aria-label="Seal of the log" className={cn('mb-4 flex flex-col gap-2 rounded-card border bg-card p-3', data?.is_intact === false && 'border-destructive')}>
      <div className="flex flex-wrap items-center gap-2">
        <div role="status" className="flex min-w-0 flex-1 flex-wrap items-center gap-2 text-row max-sm:basis-full">
          {data === undefined && error === null && <><LoaderCircle aria-hidden className="size-4 animate-spin" />The chain is being checked</>}
          {data === undefined && error !== null && <span className="text-destructive">The chain could not be checked: {sentenceOf(error)}</span>}
          {data?.is_intact === true && (
            <>
              <span data-slot="pill" className={cn(pillClass, 'bg-completed-tint text-completed-text')}><ShieldCheck aria-hidden className="size-3.5" />Chain verified</span>
              <span>{countOf(data.entries, 'entry', 'entries')}, checked <RelativeTime at={data.checked_at} /></span>
            </>
          )}
          {data?.is_intact === false && (
            <>
              <span data-slot="pill" className={cn(pillClass, 'bg-failed-tint text-failed-text')}><ShieldAlert aria-hidden className="size-3.5" />Chain broken</span>
              <span className="font-medium text-failed-text">{data.problem}</span>
            </>
          )}
        </div>
        <Button variant="ghost" size="small" isBusy={isFetching} onClick={() => void query.refetch()}>{!isFetching && <RotateCw aria-hidden />}Check again</Button>
        <DownloadButton path={streamEndpoints.auditExport.path} name="audit.ndjson" label="Sealed log" />
      </div>
      {data !== undefined && <OfflineHelp headHash={data.head_hash} />}
    </section>
  );
};
