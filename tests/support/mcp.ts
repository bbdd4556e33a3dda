import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { McpTransport } from '../../contracts/mcp-servers.ts';
import { hashDefinition, type McpServerAccess, type McpSessions, type McpToolAccess } from '../../engine/tools/mcp/index.ts';
import type { ToolOutcome } from '../../engine/tools/tool.ts';
import { newId } from '../../platform/ids.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const official = (name: string): string => pathOf(`../../node_modules/@modelcontextprotocol/server-${name}/dist/index.js`);

const node = (...args: string[]): Extract<McpTransport, { type: 'stdio' }> => ({ type: 'stdio', command: process.execPath, args, env: {} });
/** The official servers and one that behaves badly, as programs. */
export const programs = {
  everything: () => node(official('everything'), 'stdio'),
  filesystem: (folder: string) => node(official('filesystem'), folder),
  memory: () => node(official('memory')),
  hostile: (mode = 'normal', ...rest: string[]) => node(pathOf('mcp/hostile-server.mjs'), mode, ...rest),
};

export const serverOf = (transport: McpTransport, given: Partial<McpServerAccess> = {}): McpServerAccess => ({ id: newId(), name: 'Tested', slug: 'tested', timeoutMs: 30_000, version: 1, transport, ...given });

/** A tool of a server, reviewed as the server defines it now. */
export async function reviewed(sessions: McpSessions, server: McpServerAccess, name: string, given: Partial<McpToolAccess> = {}): Promise<McpToolAccess> {
  const connection = await sessions.open(server);
  try {
    const { signal } = new AbortController();
    await connection.start(signal);
    await connection.initialize(signal);
    const { definitions } = await connection.list(signal);
    const definition = definitions.find((listed) => listed.name === name);
    if (definition === undefined) throw new Error(`no tool ${name} among ${definitions.map((listed) => listed.name).join(', ')}`);
    return { server, registeredName: `mcp_tested_${name}`, definition, hash: hashDefinition(definition), risk: 'LOW', effect: 'none', isEnabled: true, heldReason: null, ...given };
  } finally {
    await connection.close();
  }
}

/** The text of a result that is one text. */
export const textOf = ({ output }: ToolOutcome): string => (output as { content: { text?: string }[] }).content[0]?.text ?? '';

export interface HttpServer {
  url: string;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** The official `everything` over Streamable HTTP, on 127.0.0.1 alone (as shipped it listens on every interface). */
export async function startEverythingHttp(port = 0): Promise<HttpServer> {
  const child = spawn(process.execPath, ['--import', pathOf('mcp/loopback-only.mjs'), official('everything'), 'streamableHttp'], { env: { PATH: process.env['PATH'], PORT: String(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const listening = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /port=(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  return {
    url: `http://127.0.0.1:${listening}/mcp`,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Whether a process exists that is not just waiting to be noted as ended. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
