import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../contracts/errors.ts';
import { secretNamesIn } from '../../../contracts/secrets.ts';
import type { Secrets } from '../../secrets/index.ts';
import { HttpTransport } from './http/http-transport.ts';
import type { McpServerAccess } from './mcp-access.ts';
import { McpError } from './mcp-error.ts';
import { StdioTransport } from './stdio/stdio-transport.ts';

/** Folders for programs to live in, of one process; made when first needed. */
export interface ScratchFolders {
  folderOf(serverId: string): Promise<string>;
  remove(): Promise<void>;
}

/** A folder per server, kept as long as this process, so that what a program downloads for itself is there when it is started again. */
export function createScratchFolders(): ScratchFolders {
  let base: Promise<string> | undefined;
  return {
    async folderOf(serverId) {
      base ??= mkdtemp(join(tmpdir(), 'maestro-mcp-'));
      const folder = join(await base, serverId);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    async remove() {
      if (base !== undefined) await rm(await base, { recursive: true, force: true });
    },
  };
}

/** What can be sent; whoever is given anything else repeats it in words of its own. */
const carriers = { header: { form: /^[\t\x20-\x7E\x80-\xFF]*\s*$/, what: 'one line of plain text' }, variable: { form: /^[^\0]*$/, what: 'text' } } as const;

/** Throws TOOL_NOT_CONFIGURED for a secret that cannot be had or carried. */
async function revealAll(secrets: Pick<Secrets, 'reveal'>, values: Readonly<Record<string, string>>, carrier: keyof typeof carriers): Promise<Record<string, string>> {
  const { form, what } = carriers[carrier];
  return Object.fromEntries(await Promise.all(Object.entries(values).map(async ([name, value]) => {
    const revealed = await secrets.reveal(value);
    if (!form.test(revealed)) throw new AppError('TOOL_NOT_CONFIGURED', `The secret ${secretNamesIn(value).join(', ')} is not ${what}, so the ${carrier} ${name} cannot carry it; an admin has to look at it.`, { details: { not_sent: true } });
    return [name, revealed];
  })));
}

/** Where Maestro may start programs. */
export const stdioOffMessage = 'MCP servers that are programs are switched off on this system (MCP_STDIO).';

/**
 * The way to a server, with secrets put in; nothing is sent or started yet. Throws McpError STDIO_OFF, and TOOL_NOT_CONFIGURED when a
 * secret cannot be had.
 */
export async function openTransport({ id, transport }: Pick<McpServerAccess, 'id' | 'transport'>, { secrets, allowStdio, scratch }: { secrets: Pick<Secrets, 'reveal'>; allowStdio: boolean; scratch: ScratchFolders }): Promise<StdioTransport | HttpTransport> {
  if (transport.type === 'streamable_http') return new HttpTransport(new URL(transport.url), await revealAll(secrets, transport.headers, 'header'));
  if (!allowStdio) throw new McpError('STDIO_OFF', stdioOffMessage, { toolCode: 'TOOL_NOT_CONFIGURED', fix: 'Set MCP_STDIO=on where api and worker are started, or reach the server over HTTP.' });
  const [folder, env] = await Promise.all([scratch.folderOf(id), revealAll(secrets, transport.env, 'variable')]);
  // The path is the only thing of Maestro's environment that a program gets: without it no program is found.
  const own = { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  return new StdioTransport({ command: transport.command, args: transport.args, env: { ...own, ...env }, cwd: folder });
}
