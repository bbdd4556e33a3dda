import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { untilAborted } from '../../../platform/until-aborted.ts';
import { hashDefinition } from './definition.ts';
import type { McpServerAccess } from './mcp-access.ts';
import type { McpConnection } from './mcp-connection.ts';
import { type McpError, toToolError } from './mcp-error.ts';
import { recordListing } from './record-listing.ts';

interface SharedConnectionDeps {
  db: Kysely<Database>;
  idleMs: number;
  connect(server: McpServerAccess, hooks: { onToolsChanged(): void; onClosed(failure: McpError | undefined): void }): Promise<McpConnection>;
}

/** A connection with what the server lists on it. */
export interface LiveConnection {
  connection: McpConnection;
  /** sha-256 of each definition as listed last, by the tool's name. */
  hashes: ReadonlyMap<string, string>;
}

/** The one connection of this process to one version of one server. */
export interface SharedConnection {
  readonly server: McpServerAccess;
  /** Holds the connection open while `work` runs. */
  use<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The connection with a list that is not stale. Throws like `call` of {@link McpSessions}: nothing was sent. */
  live(signal: AbortSignal): Promise<LiveConnection>;
  /** A call was answered: the server works. */
  succeeded(): void;
  /** The server has forgotten this session: the next `live` connects anew. */
  drop(live: LiveConnection): void;
  /** Closes it as soon as nothing uses it. */
  retire(): void;
  close(): Promise<void>;
}

/** A list older than this is asked for again before a call: not every server tells of its changes. */
const maxListAgeMs = 60_000;
/** How soon after a change is told the list is read without a call that needs it: one change often is many notifications. */
const relistDelayMs = 1_000;
/** A server that ends sooner than this without having answered a call has crashed at once. */
const shortLifeMs = 5_000;
const maxBackOffMs = 30_000;

/** One attempt at a connection, and what became of it. */
interface Attempt {
  live: Promise<LiveConnection>;
  connection?: McpConnection;
  startedAt: number;
  listedAt: number;
  /** The first list is there. */
  isReady: boolean;
  isStale: boolean;
  hasAnswered: boolean;
  /** Nobody uses it any more: its end is no crash. */
  isDropped: boolean;
}

/** A shared connection, made with the first call and again after it was lost: not before a growing pause where the server crashes at once. */
export function createSharedConnection(server: McpServerAccess, { db, idleMs, connect }: SharedConnectionDeps): SharedConnection {
  const stopping = new AbortController();
  const closing = new Set<Promise<void>>();
  let current: Attempt | undefined;
  let failures = 0;
  let notBefore = 0;
  let lastFailure: unknown;
  let users = 0;
  let isRetired = false;
  let idleTimer: NodeJS.Timeout | undefined;

  const letGo = (attempt: Attempt | undefined): void => {
    if (attempt === undefined) return;
    attempt.isDropped = true;
    if (current === attempt) current = undefined;
    if (attempt.connection === undefined) return;
    const done: Promise<void> = attempt.connection.close().catch(() => undefined).finally(() => closing.delete(done));
    closing.add(done);
  };
  const noteFailure = (error: unknown): void => {
    failures++;
    lastFailure = error;
    notBefore = performance.now() + Math.min(maxBackOffMs, 500 * 2 ** (failures - 1));
  };

  async function readList(connection: McpConnection): Promise<LiveConnection> {
    const { definitions } = await connection.list(stopping.signal);
    await recordListing(db, server, definitions);
    return { connection, hashes: new Map(definitions.map((definition) => [definition.name, hashDefinition(definition)])) };
  }

  function relist(attempt: Attempt): Promise<LiveConnection> {
    const before = attempt.live;
    const next = before.then(({ connection }) => readList(connection));
    Object.assign(attempt, { live: next, isStale: false, listedAt: performance.now() });
    next.catch(() => {
      // It stays stale, and is read with the next call.
      attempt.isStale = true;
      if (attempt.live === next) attempt.live = before;
    });
    return next;
  }

  async function make(attempt: Attempt): Promise<LiveConnection> {
    const connection = await connect(server, {
      onToolsChanged() {
        if (attempt.isStale) return;
        attempt.isStale = true;
        setTimeout(() => {
          if (attempt.isStale && attempt.isReady && current === attempt) relist(attempt).catch(() => undefined);
        }, relistDelayMs).unref();
      },
      onClosed(failure) {
        if (current === attempt) current = undefined;
        const hasCrashedAtOnce = attempt.isReady && !attempt.isDropped && !attempt.hasAnswered && performance.now() - attempt.startedAt < shortLifeMs;
        if (hasCrashedAtOnce && failure?.code === 'PROGRAM_ENDED') noteFailure(failure);
      },
    });
    attempt.connection = connection;
    await connection.start(stopping.signal);
    await connection.initialize(stopping.signal);
    const live = await readList(connection);
    attempt.isReady = true;
    return live;
  }

  function open(): Attempt {
    const waitMs = Math.ceil(notBefore - performance.now());
    if (waitMs > 0) throw toToolError(lastFailure, server.name, { wasSent: false, retryAfterMs: waitMs });
    const now = performance.now();
    const attempt: Omit<Attempt, 'live'> = { startedAt: now, listedAt: now, isReady: false, isStale: false, hasAnswered: false, isDropped: false };
    const opened: Attempt = Object.assign(attempt, { live: Promise.resolve().then(() => make(opened)) });
    opened.live.catch((error: unknown) => {
      if (!stopping.signal.aborted) noteFailure(error);
      letGo(opened);
    });
    return opened;
  }

  const closeNow = async (): Promise<void> => {
    clearTimeout(idleTimer);
    stopping.abort(new AppError('TOOL_UNAVAILABLE', 'This process is stopping, or the server was changed.', { details: { not_sent: true } }));
    letGo(current);
    await Promise.all(closing);
  };

  return {
    server,
    async use(work) {
      users++;
      clearTimeout(idleTimer);
      try {
        return await work();
      } finally {
        users--;
        if (users === 0 && isRetired) void closeNow();
        else if (users === 0) idleTimer = setTimeout(() => letGo(current), idleMs).unref();
      }
    },
    async live(signal) {
      // It may be known to be lost before its end is told.
      if (current?.isReady === true && current.connection?.isOpen() === false) current = undefined;
      current ??= open();
      const attempt = current;
      try {
        const live = await untilAborted(attempt.live, signal);
        return attempt.isStale || performance.now() - attempt.listedAt > maxListAgeMs ? await untilAborted(relist(attempt), signal) : live;
      } catch (error) {
        throw toToolError(error, server.name, { wasSent: false });
      }
    },
    succeeded() {
      failures = 0;
      notBefore = 0;
      if (current !== undefined) current.hasAnswered = true;
    },
    drop({ connection }) {
      if (current?.connection === connection) letGo(current);
    },
    retire() {
      isRetired = true;
      if (users === 0) void closeNow();
    },
    close: closeNow,
  };
}
