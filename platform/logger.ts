import { pino, type Logger } from 'pino';

export type { Logger };

/** Names whose values never reach a log, wherever they stand in an event. */
const secretNames = ['password', 'authorization', 'cookie', 'apiKey', 'api_key', 'token', 'secret', 'jwtSecret', 'encryptionKey', 'smtpUrl'];

/**
 * Structured logs on stdout, one JSON object a line. Log events with ids, not prose:
 * `logger.info({ runId, toolName }, 'tool executed')`.
 */
export const createLogger = (options: { name: string; level: string }): Logger =>
  pino({
    name: options.name,
    level: options.level,
    base: { process: options.name, pid: process.pid },
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    // The cause of a failure is what one looks for; pino's own serializer joins messages and loses codes.
    serializers: { error: pino.stdSerializers.errWithCause },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
