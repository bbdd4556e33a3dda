import type { JSONRPCMessage } from '@modelcontextprotocol/client';

/** What a server may say unasked at once, and how much of that it wins back each second: a slow reader must notice a flood as well as a fast one. */
const burst = { messages: 5_000, bytes: 64_000_000 };
const perSecond = { messages: 500, bytes: 8_000_000 };

/** Counts what a server says unasked. False: more than can be read beside everything else this process does. */
export function createFloodGuard(now: () => number = () => performance.now()): { allows(bytes: number): boolean } {
  let seenAt = now();
  let messages = burst.messages;
  let bytes = burst.bytes;
  return {
    allows(received) {
      const seconds = (now() - seenAt) / 1_000;
      seenAt = now();
      messages = Math.min(burst.messages, messages + seconds * perSecond.messages) - 1;
      bytes = Math.min(burst.bytes, bytes + seconds * perSecond.bytes) - received;
      return messages >= 0 && bytes >= 0;
    },
  };
}

/** Whether a message answers a request of ours, or comes unasked. */
export const isAnswer = (message: JSONRPCMessage): boolean => !('method' in message);
