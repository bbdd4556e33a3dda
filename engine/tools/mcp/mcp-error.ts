import { AppError } from '../../../contracts/errors.ts';

/** What a failure means for a call: it may mend by itself, an admin has to act, or neither. */
type ToolCode = 'TOOL_UNAVAILABLE' | 'TOOL_NOT_CONFIGURED' | 'TOOL_FAILED';

/** Why a server could not be reached or did not answer as it should: in words of our own, without secrets. */
export class McpError extends Error {
  /** Stable, for tests and the web app: PROGRAM_NOT_FOUND, SIGN_IN_REFUSED, … */
  readonly code: string;
  /** What to do. */
  readonly fix: string;
  readonly toolCode: ToolCode;
  /** The request it ended certainly did nothing: there was no connection, or the server turned it away at the door. */
  readonly isUnseen: boolean;
  constructor(code: string, message: string, { fix, toolCode = 'TOOL_UNAVAILABLE', isUnseen = false, cause }: { fix: string; toolCode?: ToolCode; isUnseen?: boolean; cause?: unknown }) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'McpError';
    this.code = code;
    this.fix = fix;
    this.toolCode = toolCode;
    this.isUnseen = isUnseen;
  }
}

/** Stands in an error answer of our own making, where an answer came that cannot be read or can no longer come. */
export const answerMarks = { lost: 'maestro: the stream of the answer ended', unreadable: 'maestro: the answer cannot be read' } as const;

/** Text of somebody else in a message of ours: one line, bounded. */
export const quote = (text: string, max = 300): string => {
  const line = text.toWellFormed().replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > max ? `${line.slice(0, max).toWellFormed()}…` : line;
};

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there', ENOTFOUND: 'there is no host of that name', EAI_AGAIN: 'the host name could not be looked up', ECONNRESET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached', ENETUNREACH: 'the network cannot be reached', ETIMEDOUT: 'no answer in time', UND_ERR_CONNECT_TIMEOUT: 'no answer in time', UND_ERR_SOCKET: 'the connection was cut',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is self-signed', SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate is not trusted', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its TLS certificate is not trusted', CERT_HAS_EXPIRED: 'its TLS certificate has expired', ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for another host',
};
/** No connection came about. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const isTlsTrouble = (code: string): boolean => /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) || code === 'EPROTO';

/** The innermost code of a system, TLS or HTTP client error. */
export function systemCodeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 6) return undefined;
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  const { code } = error as { code?: unknown };
  return systemCodeOf(inner, depth + 1) ?? (typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : undefined);
}

/** What a failed connection over the network means. */
export function toNetworkError(code: string, host: string, cause: unknown): McpError {
  const reason = reasons[code];
  if (isTlsTrouble(code)) {
    return new McpError('TLS_FAILED', `No secure connection to ${host} came about: ${reason ?? `TLS could not be set up`} (${code}).`, {
      cause, toolCode: 'TOOL_NOT_CONFIGURED', isUnseen: true, fix: 'Use a certificate that is trusted here, give api and worker its authority with NODE_EXTRA_CA_CERTS, or check whether the address should say http.',
    });
  }
  return new McpError('CONNECT_FAILED', `No connection to ${host}: ${reason ?? 'it could not be used'} (${code}).`, { cause, isUnseen: notConnected.has(code), fix: 'Start the server, or check its address, port and whether a firewall lies between.' });
}

/** The failure of a call as tools tell it. `wasSent`: the server may have seen the call. */
export function toToolError(error: unknown, serverName: string, { wasSent, retryAfterMs }: { wasSent: boolean; retryAfterMs?: number }): unknown {
  if (!(error instanceof McpError)) return error;
  return new AppError(error.toolCode, `MCP server "${serverName}": ${error.message}`, {
    cause: error, details: { ...(wasSent ? {} : { not_sent: true }), ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) },
  });
}
