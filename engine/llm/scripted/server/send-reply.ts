import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createPace } from '../create-pace.ts';
import type { ScriptedReply } from '../play-script.ts';
import type { Fault } from '../script.ts';
import type { Asked, WireFormat } from './wire-format.ts';

export interface Sending {
  response: ServerResponse;
  format: WireFormat;
  asked: Asked;
  reply: ScriptedReply;
  requestId: string;
  /** The client has gone. */
  signal: AbortSignal;
}

const page = '<!doctype html>\n<html><head><title>A web page</title></head><body><p>This is not the API you are looking for. (scripted)</p></body></html>\n';

/** Writes one part of a body and waits until the system has taken it. */
const write = (response: ServerResponse, part: string): Promise<void> => new Promise((resolve) => response.write(part, () => resolve()));

/** The answer as it goes over the wire, in the parts it is written in. */
function toParts({ format, asked, reply, requestId }: Sending): { contentType: string; parts: string[]; junk: string } {
  if (asked.isStream) return { contentType: 'text/event-stream; charset=utf-8', parts: format.toEvents(reply, requestId, asked), junk: 'data: {"id": "broken off, "\n\n' };
  const text = JSON.stringify(format.toWhole(reply, requestId));
  const middle = Math.floor(text.length / 2);
  return { contentType: 'application/json', parts: [text.slice(0, middle), text.slice(middle)], junk: '"' };
}

function sendFailure({ response, format, requestId, reply }: Sending, { status = 500, headers, body, kind }: Fault): void {
  if (kind === 'html') {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(page);
    return;
  }
  const said = body ?? format.toError({ status, message: `The script "${reply.model}" plays a fault.`, requestId });
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said));
}

/** Sends what a script answers, or the trouble it makes instead. Resolves when that is over, at the latest when the client has gone. */
export async function sendReply(sending: Sending): Promise<void> {
  const { response, signal, reply: { fault, paceMs } } = sending;
  const untilGone = async (): Promise<void> => {
    if (!signal.aborted) await once(signal, 'abort');
  };
  if (fault?.kind === 'hang_before_first_byte') return untilGone();
  if (fault?.kind === 'html') return sendFailure(sending, { ...fault, status: fault.status ?? 200 });
  if (fault?.kind === undefined && fault !== undefined) return sendFailure(sending, fault);

  const { contentType, parts, junk } = toParts(sending);
  const isBroken = fault !== undefined && fault.kind !== 'slow';
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
  const pause = createPace(paceMs, signal);
  for (const part of isBroken ? parts.slice(0, Math.ceil(parts.length / 2)) : parts) {
    await write(response, part);
    await pause();
    if (signal.aborted) return;
  }
  if (fault?.kind === 'stall_mid_stream') return untilGone();
  if (fault?.kind === 'cut_mid_stream') response.destroy();
  else response.end(fault?.kind === 'malformed' ? junk : undefined);
}
