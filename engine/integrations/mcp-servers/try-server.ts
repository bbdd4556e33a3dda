import type { Socket } from 'node:net';
import { AppError } from '../../../contracts/errors.ts';
import type { McpTransport } from '../../../contracts/mcp-servers.ts';
import type { StagedTest, TestStage } from '../../../contracts/staged-tests.ts';
import { type McpConnection, McpError, type McpListing, type McpServerInfo, type McpSessions } from '../../tools/index.ts';
import { findAddress, openConnection, secureConnection, toTarget } from '../connections/test/reach.ts';
import { StageError } from '../connections/test/stage-failure.ts';

/** How long all stages may take, in milliseconds: a program may have to be downloaded before it speaks. */
const totalMs = 90_000;
const reachMs = 5_000;

export interface TriedServer {
  test: StagedTest;
  server: McpServerInfo | null;
  /** Undefined: the server did not come to list its tools. */
  listing: McpListing | undefined;
}

/** What a stage that has nothing to do says. */
class Skip {
  readonly detail: string;
  constructor(detail: string) {
    this.detail = detail;
  }
}
type Step = (signal: AbortSignal) => Promise<string | Skip>;
type Failure = Omit<NonNullable<StagedTest['failure']>, 'stage'>;

const round = (ms: number): number => Math.round(ms * 10) / 10;
const plural = (count: number): string => `${count} ${count === 1 ? 'tool' : 'tools'}`;

/** The words of a failed stage; undefined: a bug, or the end of the whole. */
function toFailure(error: unknown): Failure | undefined {
  if (error instanceof McpError) return { code: error.code, cause: error.message, fix: error.fix };
  if (error instanceof StageError) return { code: error.failure.code, cause: error.failure.cause, fix: error.failure.fix.replaceAll('base URL', 'address') };
  if (error instanceof AppError) return { code: error.code, cause: error.message, fix: 'Check the secrets that the server refers to.' };
  if (error instanceof Error && error.name === 'TimeoutError') return { code: 'TIMEOUT', cause: 'The server did not answer in time.', fix: 'Look at what it is doing; a program that is downloaded first may need a second try.' };
  return undefined;
}

/** The way to a server over the network, from the outside in. */
function stepsOfReach(url: string): { steps: [string, Step][]; close(): void } {
  const target = toTarget(url);
  let socket: Socket | undefined;
  const within = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(reachMs)]);
  return {
    steps: [
      ['address', (signal) => findAddress(target, within(signal))],
      ['connect', async (signal) => {
        socket = await openConnection(target, within(signal));
        return `Port ${target.port} is open.`;
      }],
      ['tls', async (signal) => (target.isHttps && socket !== undefined ? secureConnection(socket, target, within(signal)) : new Skip('The address says http: nothing is encrypted on the way.'))],
    ],
    close: () => socket?.destroy(),
  };
}

/**
 * Tries a server stage by stage: the way to it or the start of its program, the greeting, the list of its tools. The first failure ends it
 * with a plain cause and a fix; what comes after is skipped. Throws only the reason of `signal`.
 */
export async function tryServer(sessions: Pick<McpSessions, 'open'>, server: { id: string; transport: McpTransport }, signal: AbortSignal): Promise<TriedServer> {
  const { transport } = server;
  const within = AbortSignal.any([signal, AbortSignal.timeout(totalMs)]);
  const reach = transport.type === 'stdio' ? undefined : stepsOfReach(transport.url);
  let connection: McpConnection | undefined;
  let info: McpServerInfo | null = null;
  let listing: McpListing | undefined;
  const open = async (): Promise<McpConnection> => (connection ??= await sessions.open(server));
  const steps: [string, Step][] = [
    ...(reach?.steps ?? [['start', async (end): Promise<string> => {
      await (await open()).start(end);
      return 'The program runs.';
    }] satisfies [string, Step]]),
    ['initialize', async (end) => {
      info = await (await open()).initialize(end);
      return `${info.name} ${info.version}, MCP ${info.protocol_version}.`;
    }],
    ['list_tools', async (end) => {
      listing = await (await open()).list(end);
      return `${plural(listing.definitions.length)}.`;
    }],
  ];

  const stages: TestStage[] = [];
  let failure: StagedTest['failure'] = null;
  try {
    for (const [stage, step] of steps) {
      if (failure !== null) {
        stages.push({ stage, outcome: 'skipped', ms: null, detail: 'An earlier stage failed.' });
        continue;
      }
      const startedAt = performance.now();
      try {
        const result = await step(within);
        stages.push(result instanceof Skip ? { stage, outcome: 'skipped', ms: null, detail: result.detail } : { stage, outcome: 'passed', ms: round(performance.now() - startedAt), detail: result });
      } catch (error) {
        signal.throwIfAborted();
        const failed = toFailure(error);
        if (failed === undefined) throw error;
        failure = { stage, ...failed };
        stages.push({ stage, outcome: 'failed', ms: round(performance.now() - startedAt), detail: failed.cause });
      }
    }
  } finally {
    reach?.close();
    // A program may take its time to end; whoever asked need not wait for it.
    connection?.close().catch(() => undefined);
  }
  return { test: { passed: failure === null, tested_at: new Date().toISOString(), stages, failure, warnings: listing?.warnings ?? [] }, server: info, listing };
}
