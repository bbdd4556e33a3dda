import type { RunFile } from '@contracts/run-files.ts';
import type { Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { DataBlock } from '@/components/data-block.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { FileItem } from '@/components/run-files/file-item.tsx';
import { runFilesQuery } from '@/components/run-files/file-query.ts';

const From = ({ file, step, onOpenStep }: { file: RunFile; step: Step | undefined; onOpenStep: (stepId: string) => void }) => {
  const words = `${file.tool_name}, iteration ${file.iteration}`;
  return step === undefined ? <>by {words}</> : <>by <Button variant="link" size="inline" className="text-caption" onClick={() => onOpenStep(step.id)}>{words}</Button></>;
};

/** The files the tools of a run made: each with its type, size and step, a look at it where that is safe, and its download. */
export const RunFiles = ({ runId, steps, onOpenStep }: { runId: string; steps: readonly Step[]; onOpenStep: (stepId: string) => void }) => (
  <DataBlock
    query={useQuery(runFilesQuery(runId))}
    what="Files"
    skeleton={<Skeleton className="h-16" />}
    isEmpty={({ items }) => items.length === 0}
    empty={<p className="py-2 text-row text-muted-foreground">The tools of this run made no files.</p>}
  >
    {({ items }) => (
      <ul className="flex flex-col divide-y">
        {items.map((file) => (
          <li key={file.id} className="py-3 first:pt-0 last:pb-0">
            <FileItem runId={runId} file={file} about={<From file={file} step={steps.find((step) => step.kind === 'tool' && step.tool_call_id === file.tool_call_id)} onOpenStep={onOpenStep} />} />
          </li>
        ))}
      </ul>
    )}
  </DataBlock>
);
