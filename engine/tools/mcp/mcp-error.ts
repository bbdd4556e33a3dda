import { AppError } from '../../../contracts/errors.ts';
import { toLine } from '../../../platform/shorten.ts';
import { isTlsCode, reasonOfCode } from '../../../platform/system-code.ts';

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
export const quote = (text: string, max = 300): string => toLine(text, max);

/** No connection came about. */
const notConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
/** What a failed connection over the network means. */
export function toNetworkError(code: string, host: string, cause: unknown): McpError {
  const reason = reasonOfCode(code);
  if (isTlsCode(code)) {
    return new McpError('TLS_FAILED', `No secure connection to ${host} came about: ${reason ?? 'TLS could not be set up'} (${code}).`, {
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
