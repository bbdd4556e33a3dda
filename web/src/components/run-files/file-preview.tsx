import type { OutputFile } from '@contracts/run-files.ts';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { LongText } from '@/components/approval/arguments/long-text.tsx';
import { imageQuery, textQuery } from './file-query.ts';

const Loading = () => <div aria-busy="true"><span className="sr-only">The file is loading</span><Skeleton className="h-40" /></div>;

/** An image of the run. Its name is all anybody knows of what it shows. */
export const ImagePreview = ({ runId, file }: { runId: string; file: OutputFile }) => {
  const query = useQuery(imageQuery(runId, file));
  if (query.data === undefined) return query.isError ? <ErrorPanel what="The image" error={query.error} onRetry={() => void query.refetch()} /> : <Loading />;
  return <img src={query.data} alt={file.name} className="max-h-[32rem] max-w-full self-start rounded-control border bg-muted object-contain" />;
};

/** A small file as text, whatever it claims to be. */
export const TextPreview = ({ runId, file }: { runId: string; file: OutputFile }) => {
  const query = useQuery(textQuery(runId, file));
  if (query.data === undefined) return query.isError ? <ErrorPanel what="The file" error={query.error} onRetry={() => void query.refetch()} /> : <Loading />;
  return <LongText isCode text={query.data} label={file.name} />;
};
