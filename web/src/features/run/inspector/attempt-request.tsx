import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatInteger } from '@/lib/format.ts';
import { saveFile } from '@/lib/save-file.ts';

/** Longer bodies are cut on screen until asked for; copying and downloading give all of it. */
const shownCharacters = 100_000;

const indented = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
};

/** What was sent to a model, exactly; indented on demand, which is marked as such. */
export const AttemptRequest = ({ runId, stepId, attemptId }: { runId: string; stepId: string; attemptId: string }) => {
  const [isIndented, setIsIndented] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const query = useQuery({ ...apiQuery('getAttemptRequest', { params: { run_id: runId, step_id: stepId, attempt_id: attemptId } }), staleTime: Number.POSITIVE_INFINITY });
  if (query.data === undefined) return query.isError ? <ErrorPanel what="The request" error={query.error} onRetry={() => void query.refetch()} /> : <div aria-busy="true"><span className="sr-only">The request is loading</span><Skeleton className="h-40" /></div>;
  const { method, url, body } = query.data;
  const text = isIndented ? indented(body) : body;
  const isCut = !isWhole && text.length > shownCharacters;
  return (
    <section aria-label="Request as sent" className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <code className="w-full text-caption wrap-anywhere">{method} {url}</code>
        <Button variant="outline" size="small" aria-pressed={isIndented} onClick={() => setIsIndented(!isIndented)}>Indent</Button>
        <CopyButton text={body} label="Copy exact body" isIconOnly={false} />
        <Button variant="outline" size="small" onClick={() => saveFile(`request-${attemptId}.json`, 'application/json', body)}><Download aria-hidden />Download</Button>
      </div>
      <p className="text-caption text-muted-foreground">{isIndented ? 'Indented for reading; copy and download give the exact bytes.' : 'Byte for byte as it was sent.'} Credentials travel in headers, which are not kept.</p>
      <pre tabIndex={0} role="region" aria-label="Body of the request" className="max-h-[32rem] overflow-auto rounded-control border bg-muted p-3 text-caption whitespace-pre-wrap">
        <UntrustedText text={isCut ? text.slice(0, shownCharacters).toWellFormed() : text} />
      </pre>
      {isCut && (
        <p className="flex flex-wrap items-center gap-x-3 text-caption text-muted-foreground">
          The first {formatInteger(shownCharacters)} of {formatInteger(text.length)} characters.
          <Button variant="link" size="inline" onClick={() => setIsWhole(true)}>Show all</Button>
        </p>
      )}
    </section>
  );
};
