import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { AnswerCache, Circuits, LanguageModels } from '../engine/llm/index.ts';
import type { Memory } from '../engine/memory/index.ts';
import type { AgentRuns } from '../engine/runs/index.ts';
import type { BackTestRunner } from '../engine/governance/index.ts';
import type { Notifier } from '../engine/notices/index.ts';
import type { Policies } from '../engine/safety/index.ts';
import type { McpSessions, ToolCatalogue } from '../engine/tools/index.ts';
import type { Secrets } from '../engine/secrets/index.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretBox } from '../platform/secret-box.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';

/** Everything the api works with. */
export interface AppDeps {
  db: Kysely<Database>;
  agentRuns: AgentRuns;
  tools: ToolCatalogue;
  /** Named secrets; the api changes and lists them and masks what it shows. */
  secrets: Secrets;
  /** Connections to MCP servers, to test them and to list their tools. */
  mcpSessions: McpSessions;
  models: LanguageModels;
  circuits: Pick<Circuits, 'close' | 'succeeded'>;
  answerCache: Pick<AnswerCache, 'figures' | 'purge'>;
  /** Seals keys of connections. */
  secretBox: SecretBox;
  memory: Memory;
  policies: Policies;
  notifier: Notifier;
  backTestRunner: BackTestRunner;
  config: Config;
  logger: Logger;
  /** Folder of the built web app; undefined: only the api is served. */
  webDir?: string | undefined;
  /** Aborts when the server stops: streams end cleanly then. */
  stopping?: AbortSignal | undefined;
  /** Default: a registry of this app's own. */
  metrics?: Metrics | undefined;
  /** How often the event stream reads the log and says that it is alive, in milliseconds. Default 150 and 15,000. */
  eventTimings?: { pollMs?: number; heartbeatMs?: number } | undefined;
}
