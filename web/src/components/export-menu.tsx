import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '@/lib/api-error.ts';
import { toCsv } from '@/lib/csv.ts';
import { countOf } from '@/lib/format.ts';
import { saveFile } from '@/lib/save-file.ts';
import { Button } from './ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from './ui/dropdown-menu.tsx';

/** Saves everything a list's filters match, not only what is on the screen, as CSV or JSON. `load` reads it all. */
export const ExportMenu = <Item,>({
  name,
  noun,
  load,
  columns,
}: {
  /** Start of the file's name: "approvals". */
  name: string;
  /** One of them, in words: "decision". */
  noun: string;
  load: () => Promise<Item[]>;
  columns: readonly { header: string; value: (item: Item) => unknown }[];
}) => {
  const [isBusy, setIsBusy] = useState(false);
  const save = async (form: 'csv' | 'json'): Promise<void> => {
    setIsBusy(true);
    try {
      const items = await load();
      const file = `${name}-${new Date().toISOString().slice(0, 10)}.${form}`;
      if (form === 'json') saveFile(file, 'application/json', `${JSON.stringify(items, null, 2)}\n`);
      else saveFile(file, 'text/csv', toCsv(columns.map(({ header }) => header), items.map((item) => columns.map(({ value }) => value(item)))));
      toast.success(`${countOf(items.length, noun)} saved as ${file}`);
    } catch (error) {
      toast.error('The export failed', { description: sentenceOf(error), duration: Infinity });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" isBusy={isBusy}>{!isBusy && <Download aria-hidden />}Export</Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => void save('csv')}>CSV</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void save('json')}>JSON</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
};
