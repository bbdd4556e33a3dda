import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

async function revealAll(secrets: Pick<Secrets, 'reveal'>, values: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all(Object.entries(values).map(async ([name, value]) => [name, await secrets.reveal(value)])));
}

/** Where Maestro may start programs. */
export const stdioOffMessage = 'MCP servers that are programs are switched off on this system (MCP_STDIO).';

/**
 * The way to a server, with secrets put in; nothing is sent or started yet. Throws McpError STDIO_OFF, and TOOL_NOT_CONFIGURED when a
 * secret cannot be had.
 */
export async function openTransport({ id, transport }: Pick<McpServerAccess, 'id' | 'transport'>, { secrets, allowStdio, scratch }: { secrets: Pick<Secrets, 'reveal'>; allowStdio: boolean; scratch: ScratchFolders }): Promise<StdioTransport | HttpTransport> {
  if (transport.type === 'streamable_http') return new HttpTransport(new URL(transport.url), await revealAll(secrets, transport.headers));
  if (!allowStdio) throw new McpError('STDIO_OFF', stdioOffMessage, { toolCode: 'TOOL_NOT_CONFIGURED', fix: 'Set MCP_STDIO=on where api and worker are started, or reach the server over HTTP.' });
  const [folder, env] = await Promise.all([scratch.folderOf(id), revealAll(secrets, transport.env)]);
  // The path is the only thing of Maestro's environment that a program gets: without it no program is found.
  const own = { PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
  return new StdioTransport({ command: transport.command, args: transport.args, env: { ...own, ...env }, cwd: folder });
}
