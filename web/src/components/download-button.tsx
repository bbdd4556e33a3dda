import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '@/lib/api-error.ts';
import { downloadFile } from '@/lib/download-file.ts';
import { Button } from './ui/button.tsx';

/** Saves a file of the api under its name; says so when it cannot be had. */
export const DownloadButton = ({ path, name, label = 'Download' }: { path: string; name: string; label?: string }) => {
  const [isBusy, setIsBusy] = useState(false);
  const download = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await downloadFile(path, name);
    } catch (error) {
      toast.error(`${name} could not be downloaded`, { description: sentenceOf(error), duration: Number.POSITIVE_INFINITY });
    } finally {
      setIsBusy(false);
    }
  };
  return <Button variant="outline" size="small" isBusy={isBusy} onClick={() => void download()}>{!isBusy && <Download aria-hidden />}{label}<span className="sr-only"> {name}</span></Button>;
};
