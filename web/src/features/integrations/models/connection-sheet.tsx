import type { Connection } from '@contracts/connections.ts';
import { useRef } from 'react';
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet.tsx';
import { ConnectionForm } from './connection-form.tsx';

/** The sheet of a connection to models: a new one, or the one that is given. */
export const ConnectionSheet = ({ connection, isOpen, onOpenChange }: { connection?: Connection | undefined; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => {
  const isDirty = useRef(false);
  return (
    <Sheet open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent className="gap-0 overflow-clip p-0" onInteractOutside={(event) => isDirty.current && event.preventDefault()}>
        <div className="border-b p-4 sm:px-6">
          <SheetTitle className="text-page">{connection === undefined ? 'Add a connection' : `Edit ${connection.name}`}</SheetTitle>
          <SheetDescription>{connection === undefined ? 'A server that offers models: OpenAI, Anthropic, or one of your own.' : 'Runs under way use the new values with their next call.'}</SheetDescription>
        </div>
        <ConnectionForm
          connection={connection}
          onDone={() => onOpenChange(false)}
          onDirty={(next) => {
            isDirty.current = next;
          }}
        />
      </SheetContent>
    </Sheet>
  );
};
