import type { JSONRPCMessage } from '@modelcontextprotocol/client';

/** What a server may say unasked within one second. */
const maxMessages = 5_000;
const maxBytes = 64_000_000;
const windowMs = 1_000;

/** Counts what a server says unasked. False: more than can be read beside everything else this process does. */
export function createFloodGuard(now: () => number = () => performance.now()): { allows(bytes: number): boolean } {
  let startedAt = now();
  let messages = 0;
  let received = 0;
  return {
    allows(bytes) {
      if (now() - startedAt > windowMs) [startedAt, messages, received] = [now(), 0, 0];
      messages++;
      received += bytes;
      return messages <= maxMessages && received <= maxBytes;
    },
  };
}

/** Whether a message answers a request of ours, or comes unasked. */
export const isAnswer = (message: JSONRPCMessage): boolean => !('method' in message);
