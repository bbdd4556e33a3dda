// A chat completion as the API streams it: the same answer in pieces, for tests.

/** `data:` events, each with its JSON, and the mark of the end. */
export const toEvents = (chunks: readonly unknown[], end = 'data: [DONE]\n\n'): string => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + end;

interface Message {
  content?: string | null;
  tool_calls?: { function: { arguments: string } }[];
  [key: string]: unknown;
}

const halves = (text: string): string[] => [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))].filter((half) => half !== '');

function toDeltas({ content, tool_calls: calls = [], ...rest }: Message): object[] {
  const words = Object.entries(rest).flatMap(([key, value]) => (typeof value === 'string' && key !== 'role' ? halves(value).map((half) => ({ [key]: half })) : []));
  return [
    { role: 'assistant', content: content === null ? null : '' },
    ...words,
    ...halves(content ?? '').map((half) => ({ content: half })),
    ...calls.flatMap((call, index) => [
      { tool_calls: [{ index, ...call, function: { ...call.function, arguments: '' } }] },
      ...halves(call.function.arguments).map((half) => ({ tool_calls: [{ index, function: { arguments: half } }] })),
    ]),
  ];
}

/** Each choice piece by piece, then why it ended, then usage in an event without choices. */
export function toEventStream(body: unknown): string {
  const { choices, usage, ...rest } = body as { choices: { index?: number; message: Message; finish_reason: string | null }[]; usage?: unknown };
  const chunk = (parts: object[], more: object = {}): object => ({ ...rest, object: 'chat.completion.chunk', choices: parts, ...more });
  return toEvents([
    ...choices.flatMap(({ index = 0, message, finish_reason: finishReason }) => [
      ...toDeltas(message).map((delta) => chunk([{ index, delta, logprobs: null, finish_reason: null }], { usage: null })),
      chunk([{ index, delta: {}, logprobs: null, finish_reason: finishReason }], { usage: null }),
    ]),
    ...(usage === undefined ? [] : [chunk([], { usage })]),
  ]);
}
