import type { OutputFile } from '@contracts/run-files.ts';
import { Download, FileImage, FileText, File as FileIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { sentenceOf } from '@/lib/api-error.ts';
import { downloadFile } from '@/lib/download-file.ts';
import { formatBytes } from '@/lib/format.ts';
import { previewOf } from './file-kind.ts';
import { ImagePreview, TextPreview } from './file-preview.tsx';
import { pathOfFile } from './file-query.ts';

const icons = { image: FileImage, text: FileText, none: FileIcon };

const DownloadButton = ({ runId, file }: { runId: string; file: OutputFile }) => {
  const [isBusy, setIsBusy] = useState(false);
  const download = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await downloadFile(pathOfFile(runId, file.id), file.name);
    } catch (error) {
      toast.error(`${file.name} could not be downloaded`, { description: sentenceOf(error), duration: Number.POSITIVE_INFINITY });
    } finally {
      setIsBusy(false);
    }
  };
  return <Button variant="outline" size="small" isBusy={isBusy} onClick={() => void download()}>{!isBusy && <Download aria-hidden />}Download<span className="sr-only"> {file.name}</span></Button>;
};

/**
 * A file of a run: what it is, a look at it where that is safe, and its download. `about` says where it comes from; with
 * `isOpen` its preview is there at once.
 */
export const FileItem = ({ runId, file, about, isOpen = false }: { runId: string; file: OutputFile; about?: ReactNode; isOpen?: boolean }) => {
  const [isShown, setIsShown] = useState(isOpen);
  const preview = previewOf(file);
  const Icon = icons[preview];
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />
        <div className="min-w-0 flex-1 basis-40">
          <p className="text-row font-medium"><UntrustedText text={file.name} /></p>
          <p className="text-caption text-muted-foreground"><UntrustedText text={file.media_type} />, {formatBytes(file.bytes)}{about !== undefined && <>, {about}</>}</p>
        </div>
        <div className="flex gap-2">
          {preview !== 'none' && (
            <Button variant="outline" size="small" aria-expanded={isShown} onClick={() => setIsShown(!isShown)}>{isShown ? 'Hide' : 'Show'}<span className="sr-only"> {file.name}</span></Button>
          )}
          <DownloadButton runId={runId} file={file} />
        </div>
      </div>
      {isShown && preview === 'image' && <ImagePreview runId={runId} file={file} />}
      {isShown && preview === 'text' && <TextPreview runId={runId} file={file} />}
    </div>
  );
};
