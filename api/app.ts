import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Kysely } from 'kysely';
import type { Database } from '../db/database.ts';
import type { LanguageModels } from '../engine/llm/index.ts';
import type { Memory } from '../engine/memory/index.ts';
import type { AgentRuns } from '../engine/runs/index.ts';
import type { Policy } from '../engine/safety/index.ts';
import type { ToolRegistry } from '../engine/tools/index.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { createMetrics, type Metrics } from '../platform/telemetry/metrics.ts';
import { errorHandler } from './middleware/error-handler.ts';
import { requestId } from './middleware/request-id.ts';
import { requestLog } from './middleware/request-log.ts';
import { unknownAddress } from './middleware/unknown-address.ts';
import { createRoutes } from './routes/index.ts';
import { webApp } from './web-app.ts';

/** Everything the api works with. */
export interface AppDeps {
  db: Kysely<Database>;
  agentRuns: AgentRuns;
  tools: ToolRegistry;
  models: LanguageModels;
  memory: Memory;
  policy: Policy;
  config: Config;
  logger: Logger;
  /** Folder of the built web app; undefined: only the api is served. */
  webDir?: string | undefined;
  /** Aborts when the server stops: streams end cleanly then. */
  stopping?: AbortSignal | undefined;
  /** Default: a registry of this app's own. */
  metrics?: Metrics | undefined;
}

/** Nothing but this origin's own files runs or is fetched; no inline script or style. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** A stream has to leave at once, not when a compressor's buffer is full. */
const isCompressible: compression.CompressionFilter = (request, response) =>
  !String(response.getHeader('content-type') ?? '').startsWith('text/event-stream') && compression.filter(request, response);

/** The whole HTTP side of Maestro as an Express app that nothing listens on yet. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  const metrics = deps.metrics ?? createMetrics();
  app.locals['deps'] = deps;
  app.disable('x-powered-by');
  // Answers of the api are never reused (`no-store`); files of the web app get their tags from the file server.
  app.disable('etag');
  app.use(requestId);
  app.use(requestLog(deps.logger, metrics));
  app.use(helmet({
    contentSecurityPolicy,
    // Says nothing over plain HTTP, and a lie behind a proxy that speaks it: only for an address known to be HTTPS.
    strictTransportSecurity: deps.config.http.publicUrl?.startsWith('https:') === true ? undefined : false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  }));
  app.use(compression({ filter: isCompressible }));
  app.use('/api', (_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  app.use(createRoutes(deps, metrics));
  app.use('/api', unknownAddress);
  if (deps.webDir !== undefined) app.use(webApp(deps.webDir));
  app.use(unknownAddress);
  app.use(errorHandler(deps.logger));
  return app;
}
