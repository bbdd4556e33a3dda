import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import type { McpTransport } from '../../../contracts/mcp-servers.ts';
import { systemCodeOf } from '../../../platform/system-code.ts';
import { answerMarks, McpError, quote, toNetworkError } from './mcp-error.ts';

const hostOf = (transport: McpTransport): string => (transport.type === 'stdio' ? 'the program' : new URL(transport.url).host);

/** What an HTTP answer that is none of MCP's means. Below 500 the request was turned away before anything was done. */
function toHttpError(error: SdkHttpError, host: string): McpError {
  const status = error.data.status ?? 0;
  const said = error.message.replace(/^Error POSTing to endpoint: /, '');
  const refuse = (code: string, message: string, fix: string, toolCode: McpError['toolCode'] = 'TOOL_NOT_CONFIGURED'): McpError => new McpError(code, message, { fix, toolCode, isUnseen: status < 500, cause: error });
  if (status === 401 || status === 403) return refuse('SIGN_IN_REFUSED', `${host} refuses the sign-in (status ${status}).`, 'Check the secret that the Authorization header refers to.');
  // The specification wants 404 for a session that is not known any more; some servers say 400.
  if (status === 404 || (status === 400 && /session/i.test(said))) return refuse('NOT_FOUND', `${host} has nothing at this address, or has forgotten the session (status ${status}).`, 'Check the path of the address; it often ends in /mcp.', 'TOOL_UNAVAILABLE');
  if (status === 405) return refuse('NOT_MCP', `${host} does not take requests at this address (status 405).`, 'Check the path of the address; servers that only speak the older SSE are not supported.');
  if (status >= 300 && status < 400) {
    const target = /Redirect[^:]*? to (\S+) not followed/.exec(said)?.[1];
    return refuse('REDIRECTED', `${host} sends requests elsewhere (status ${status})${target === undefined ? '' : `: ${quote(target, 200)}`}.`, 'If it is the intended server, write that address; headers are never sent on to another host.');
  }
  if (status === 429) return refuse('RATE_LIMITED', `${host} limits requests at the moment (status 429).`, 'Wait a little.', 'TOOL_UNAVAILABLE');
  if (status >= 500) return refuse('SERVER_ERROR', `${host} answers with status ${status}.`, 'Look into the log of the server.', 'TOOL_UNAVAILABLE');
  return refuse('REFUSED', `${host} refuses the request (status ${status}): ${quote(said)}`, 'Check address and headers.', 'TOOL_FAILED');
}

/** Why a request to a server failed. `failure` is what its transport knows of its own end. Errors of the server's own (JSON-RPC) stay as they are. */
export function explainFailure(error: unknown, transport: McpTransport, failure: McpError | undefined): unknown {
  if (error instanceof McpError) return error;
  const host = hostOf(transport);
  const lost = (): McpError => failure ?? new McpError('CONNECTION_LOST', `The connection to ${host} was lost before the answer came.`, { cause: error, fix: 'Try again.' });
  const invalid = (): McpError => new McpError('ANSWER_INVALID', 'The server answered with something that is no answer of MCP.', { cause: error, toolCode: 'TOOL_FAILED', fix: 'Look for a newer version of the server.' });
  if (error instanceof SdkHttpError) return toHttpError(error, host);
  if (error instanceof ProtocolError) return error.message === answerMarks.lost ? lost() : error.message === answerMarks.unreadable ? invalid() : error;
  if (error instanceof SdkError) {
    if (error.code === SdkErrorCode.ConnectionClosed || error.code === SdkErrorCode.NotConnected) return lost();
    if (error.code === SdkErrorCode.RequestTimeout) return new McpError('TIMEOUT', 'The server did not answer in time.', { cause: error, fix: 'Look at what it is doing; a program that is downloaded first may need a second try.' });
    if (error.code === SdkErrorCode.ClientHttpUnexpectedContent) return new McpError('NOT_MCP', `${host} answers, but not in MCP (${quote(error.message, 100)}).`, { cause: error, toolCode: 'TOOL_NOT_CONFIGURED', fix: 'Check the path of the address; it often ends in /mcp.' });
    return invalid();
  }
  if (failure !== undefined) return failure;
  const code = systemCodeOf(error);
  if (code !== undefined && transport.type !== 'stdio') return toNetworkError(code, host, error);
  const said = error instanceof Error ? error.message : String(error);
  if (said === 'Not connected') return lost();
  if (said.startsWith("Server's protocol version is not supported")) return new McpError('VERSION_NOT_SUPPORTED', `The server speaks a version of MCP that is not understood here (${quote(said.split(':').at(-1) ?? '', 40)}).`, { cause: error, toolCode: 'TOOL_NOT_CONFIGURED', fix: 'Look for another version of the server.' });
  return new McpError('ANSWER_INVALID', `The server answered with something that cannot be read (${quote(said, 200)}).`, { cause: error, toolCode: 'TOOL_FAILED', fix: 'Look for a newer version of the server.' });
}
