import { pino, type DestinationStream, type Logger } from 'pino';
import { createMasker } from './masker.ts';
import type { KnownSecret } from './secret-spellings.ts';

export type { Logger };

/** Names whose values never reach a log, wherever they stand in an event. */
const secretNames = ['password', 'authorization', 'cookie', 'apiKey', 'api_key', 'token', 'secret', 'jwtSecret', 'encryptionKey', 'smtpUrl'];

/** Masks a whole line, errors and their causes included. Where the text alone cannot be replaced without breaking the JSON, its values are. */
function createLineMask(secrets: readonly KnownSecret[]): (line: string) => string {
  const masker = createMasker(secrets);
  return (line) => {
    if (masker.text(line) === line) return line;
    try {
      return `${JSON.stringify(masker.json(JSON.parse(line) as { [key: string]: string }))}\n`;
    } catch {
      return masker.text(line);
    }
  };
}

/**
 * Structured logs on stdout, one JSON object a line. Log events with ids, not prose:
 * `logger.info({ runId, toolName }, 'tool executed')`.
 *
 * @param options.secrets what no line may hold, as errors of drivers repeat the addresses they were given: `listConfigSecrets(config)`.
 * @param options.destination default stdout.
 */
export const createLogger = (options: { name: string; level: string; secrets?: readonly KnownSecret[]; destination?: DestinationStream }): Logger =>
  pino({
    name: options.name,
    level: options.level,
    base: { process: options.name, pid: process.pid },
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    // The cause of a failure is what one looks for; pino's own serializer joins messages and loses codes.
    serializers: { error: pino.stdSerializers.errWithCause },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(options.secrets === undefined || options.secrets.length === 0 ? {} : { hooks: { streamWrite: createLineMask(options.secrets) } }),
  }, options.destination ?? pino.destination(1));
