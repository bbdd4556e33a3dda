// A message as the API streams it: the same answer in pieces, for tests.

type Block = { type: string; [key: string]: unknown };
interface Message {
  content: Block[];
  usage?: Record<string, unknown>;
  [key: string]: unknown;
}

/** Named events, each with its JSON. */
export const toEvents = (events: readonly { type: string; [key: string]: unknown }[]): string => events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const halves = (text: string): string[] => [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))].filter((half) => half !== '');

/** How a block begins, and what follows piece by piece. An input that is `{}` was cut before its first piece. */
function split(block: Block): { start: Block; deltas: object[] } {
  switch (block.type) {
    case 'text':
      return { start: { ...block, text: '' }, deltas: halves(String(block['text'])).map((text) => ({ type: 'text_delta', text })) };
    case 'thinking':
      return {
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [...halves(String(block['thinking'])).map((thinking) => ({ type: 'thinking_delta', thinking })), { type: 'signature_delta', signature: block['signature'] }],
      };
    case 'tool_use': {
      const json = JSON.stringify(block['input']);
      return { start: { ...block, input: {} }, deltas: json === '{}' ? [] : ['', ...halves(json)].map((piece) => ({ type: 'input_json_delta', partial_json: piece })) };
    }
    default:
      return { start: block, deltas: [] };
  }
}

/** The message without what it says, each block piece by piece with a ping between, and why it ended with the usage. */
export function toEventStream(body: unknown): string {
  const { content, stop_reason: stopReason, stop_sequence: stopSequence, stop_details: stopDetails, usage, ...rest } = body as Message;
  return toEvents([
    { type: 'message_start', message: { ...rest, content: [], stop_reason: null, stop_sequence: null, ...(usage === undefined ? {} : { usage: { ...usage, output_tokens: 1 } }) } },
    { type: 'ping' },
    ...content.flatMap((block, index) => {
      const { start, deltas } = split(block);
      return [{ type: 'content_block_start', index, content_block: start }, ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })), { type: 'content_block_stop', index }];
    }),
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason, stop_sequence: stopSequence ?? null, ...(stopDetails === undefined ? {} : { stop_details: stopDetails }) },
      ...(usage === undefined ? {} : { usage }),
    },
    { type: 'message_stop' },
  ]);
}
