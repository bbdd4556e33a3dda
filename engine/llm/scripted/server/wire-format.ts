import type { IncomingHttpHeaders } from 'node:http';
import type { ModelRequest } from '../../language-model.ts';
import type { ScriptedReply } from '../play-script.ts';

/** A request as it was asked on the wire. */
export interface Asked {
  request: ModelRequest;
  isStream: boolean;
  /** A stream ends with its usage (OpenAI: only when it is asked for). */
  wantsUsage: boolean;
}

/** An error in the server's own words; each API has a shape of its own for it. */
export interface WireError {
  status: number;
  message: string;
  /** The error is that there is no such model. */
  isAboutModel?: boolean;
  requestId: string;
}

/** How one API puts conversations and answers on the wire. */
export interface WireFormat {
  /** Where the request's id is said in an answer. */
  requestIdHeader: string;
  /** Reads a parsed body. Throws LLM_REQUEST_INVALID with what is wrong in it. */
  readRequest(body: unknown): Asked;
  toWhole(reply: ScriptedReply, id: string): object;
  /** The same answer as server-sent events, each as it is written. */
  toEvents(reply: ScriptedReply, id: string, asked: Asked): string[];
  toError(error: WireError): object;
  toModelList(names: readonly string[]): object;
}

/** One server-sent event. */
export const toEvent = (data: object, name?: string): string => `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;

/** The key a client came with: both clients may send it either way. */
export function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-api-key'];
  return typeof own === 'string' ? own : /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}
