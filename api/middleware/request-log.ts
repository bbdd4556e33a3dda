import type { RequestHandler } from 'express';
import type { Logger } from '../../platform/logger.ts';
import type { HttpMetrics } from '../../platform/telemetry/metrics.ts';

/** Logs and counts every request once it is answered, by the endpoint's name and never by its address. */
export const requestLog =
  (logger: Logger, metrics: HttpMetrics): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAt);
      const { requestId, endpoint, userId } = response.locals as Record<string, string | undefined>;
      // A stream is left by its client sooner or later, and its length says nothing about speed.
      const isStream = endpoint === 'events' && response.statusCode === 200;
      const status = response.writableFinished || isStream ? response.statusCode : 499;
      if (!isStream) metrics.observeRequest({ endpoint: endpoint ?? 'none', method: request.method, status, durationMs });
      const level = status >= 500 ? 'error' : request.method === 'GET' && status < 400 ? 'debug' : 'info';
      logger[level]({ requestId, endpoint, method: request.method, path: request.path.slice(0, 200), status, durationMs, userId }, 'request answered');
    });
    next();
  };
