import { useQuery } from '@tanstack/react-query';
import { FileItem } from '../../run-files/file-item.tsx';
import { runFilesQuery } from '../../run-files/file-query.ts';
import { UntrustedText } from '../../untrusted-text.tsx';

interface Attachment {
  /** Id of a file of the run. */
  file: string;
  name?: string;
}

/** Files of the run that go along: each can be looked at, and is told by the name its readers see where that is another. */
export const AttachedFiles = ({ attachments, runId }: { attachments: readonly Attachment[]; runId: string }) => {
  const { data } = useQuery(runFilesQuery(runId));
  return (
    <ul className="flex flex-col gap-3 rounded-control border p-3">
      {attachments.map(({ file: id, name }, index) => {
        const file = data?.items.find((one) => one.id === id);
        return (
          <li key={index} className="flex min-w-0 flex-col gap-1">
            {file === undefined ? <p className="text-row"><UntrustedText text={id} />{data !== undefined && <span className="text-destructive"> – the run has no such file</span>}</p> : <FileItem runId={runId} file={file} />}
            {name !== undefined && name !== file?.name && <p className="text-row">Sent under the name <strong><UntrustedText text={name} /></strong></p>}
          </li>
        );
      })}
    </ul>
  );
};
