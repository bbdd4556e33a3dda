import { AppError } from '../../../contracts/errors.ts';
import type { McpTransport } from '../../../contracts/mcp-servers.ts';
import type { StagedTest } from '../../../contracts/staged-tests.ts';
import { counted } from '../../../platform/counted.ts';
import { type McpConnection, McpError, type McpListing, type McpServerInfo, type McpSessions } from '../../tools/index.ts';
import { stagesOfReach, toTarget } from '../stages/reach.ts';
import { runStages, type StageStep } from '../stages/run-stages.ts';
import { StageError } from '../stages/stage-error.ts';

/** How long all stages and some of them may take, in milliseconds. A program may have to be downloaded before it speaks. */
const timeouts = { total: 90_000, address: 5_000, connect: 5_000, tls: 5_000 };

export interface TriedServer {
  test: StagedTest;
  server: McpServerInfo | null;
  /** Undefined: the server did not come to list its tools. */
  listing: McpListing | undefined;
}

type Failure = Omit<NonNullable<StagedTest['failure']>, 'stage'>;

/** The words of a failed stage; undefined: a bug, or the end of the whole. */
function toFailure(error: unknown): Failure | undefined {
  if (error instanceof McpError) return { code: error.code, cause: error.message, fix: error.fix };
  if (error instanceof StageError) return { code: error.failure.code, cause: error.failure.cause, fix: error.failure.fix.replaceAll('base URL', 'address') };
  if (error instanceof AppError) return { code: error.code, cause: error.message, fix: 'Check the secrets that the server refers to.' };
  if (error instanceof Error && error.name === 'TimeoutError') return { code: 'TIMEOUT', cause: 'The server did not answer in time.', fix: 'Look at what it is doing; a program that is downloaded first may need a second try.' };
  return undefined;
}

/**
 * Tries a server stage by stage: the way to it or the start of its program, the greeting, the list of its tools. The first failure ends it
 * with a plain cause and a fix; what comes after is skipped. Throws only the reason of `signal`.
 */
export async function tryServer(sessions: Pick<McpSessions, 'open'>, server: { id: string; transport: McpTransport }, signal: AbortSignal): Promise<TriedServer> {
  const { transport } = server;
  const reach = transport.type === 'stdio' ? undefined : stagesOfReach(toTarget(transport.url));
  let connection: McpConnection | undefined;
  let info: McpServerInfo | null = null;
  let listing: McpListing | undefined;
  const open = async (): Promise<McpConnection> => (connection ??= await sessions.open(server));
  const steps = {
    ...(reach?.steps ?? {
      async start(within) {
        await (await open()).start(within);
        return 'The program runs.';
      },
    }),
    async initialize(within) {
      info = await (await open()).initialize(within);
      return `${info.name} ${info.version}, MCP ${info.protocol_version}.`;
    },
    async list_tools(within) {
      listing = await (await open()).list(within);
      return `${counted(listing.definitions.length, 'tool')}.`;
    },
  } satisfies Record<string, StageStep>;

  try {
    const { stages, failure } = await runStages<string, Failure>(steps, { signal, timeouts, toFailure });
    return { test: { passed: failure === null, tested_at: new Date().toISOString(), stages, failure, warnings: listing?.warnings ?? [] }, server: info, listing };
  } finally {
    reach?.close();
    // A program may take its time to end; whoever asked need not wait for it.
    connection?.close().catch(() => undefined);
  }
}
