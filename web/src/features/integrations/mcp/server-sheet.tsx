import type { McpServer } from '@contracts/mcp-servers.ts';
import { FormSheet } from '../forms/form-sheet.tsx';
import { ServerForm } from './server-form.tsx';

/** The sheet of an MCP server: a new one, or the one that is given. */
export const ServerSheet = ({ server, allowsStdio, onSaved, onClose }: { server?: McpServer | undefined; allowsStdio: boolean; onSaved: (server: McpServer) => void; onClose: () => void }) => (
  <FormSheet
    title={server === undefined ? 'Add an MCP server' : `Edit ${server.name}`}
    description={server === undefined ? 'A server that brings tools of its own. Each is off until it is reviewed.' : 'The server is connected to anew with the values saved here.'}
    isOpen
    onOpenChange={(isOpen) => !isOpen && onClose()}
  >
    {(form) => <ServerForm server={server} allowsStdio={allowsStdio} onSaved={onSaved} {...form} />}
  </FormSheet>
);
