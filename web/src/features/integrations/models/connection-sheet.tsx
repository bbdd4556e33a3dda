import type { Connection } from '@contracts/connections.ts';
import { FormSheet } from '../forms/form-sheet.tsx';
import { ConnectionForm } from './connection-form.tsx';

/** The sheet of a connection to models: a new one, or the one that is given. */
export const ConnectionSheet = ({ connection, isOpen, onOpenChange }: { connection?: Connection | undefined; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => (
  <FormSheet
    title={connection === undefined ? 'Add a connection' : `Edit ${connection.name}`}
    description={connection === undefined ? 'A server that offers models: OpenAI, Anthropic, or one of your own.' : 'Runs under way use the new values with their next call.'}
    isOpen={isOpen}
    onOpenChange={onOpenChange}
  >
    {(form) => <ConnectionForm connection={connection} {...form} />}
  </FormSheet>
);
