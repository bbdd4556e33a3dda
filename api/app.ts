import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { createMetrics } from '../platform/telemetry/metrics.ts';
import type { AppDeps } from './app-deps.ts';
import { errorHandler } from './middleware/error-handler.ts';
import { requestId } from './middleware/request-id.ts';
import { requestLog } from './middleware/request-log.ts';
import { unknownAddress } from './middleware/unknown-address.ts';
import { createRoutes } from './routes/index.ts';
import { webApp } from './web-app.ts';

export type { AppDeps } from './app-deps.ts';

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
  // Whose word on the caller's address counts: that of these proxies, and of nobody else.
  app.set('trust proxy', [...deps.config.http.trustedProxies]);
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
