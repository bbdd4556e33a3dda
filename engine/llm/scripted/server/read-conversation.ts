import { z } from 'zod';
import { AppError } from '../../../../contracts/errors.ts';
import type { Json } from '../../../tools/tool.ts';
import type { ModelMessage, ModelRequest, ModelTool } from '../../language-model.ts';

/** Text, or parts of which those of text count. */
export const contentSchema = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))]);
export const textOf = (content: z.output<typeof contentSchema> | null | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('');

export const schemaOfTool = z.record(z.string(), z.json()).optional();
export const toTool = (name: string, description: string | undefined, parameters: z.output<typeof schemaOfTool>): ModelTool =>
  ({ name, description: description ?? '', parameters: (parameters ?? {}) as { [key: string]: Json } });

const invalid = (message: string): AppError => new AppError('LLM_REQUEST_INVALID', message);

/** A body of this shape. Throws LLM_REQUEST_INVALID that names the first field that is wrong. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is not valid'}`);
}

/** What both APIs insist on: every call is answered right after it was made, and nothing else is. */
export function checkCalls(messages: readonly ModelMessage[]): void {
  let open = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') {
      if (!open.delete(message.toolCallId)) throw invalid(`messages: there is no call "${message.toolCallId.slice(0, 100)}" before its result, or its result came twice.`);
      continue;
    }
    const [missing] = open;
    if (missing !== undefined) throw invalid(`messages: the call "${missing.slice(0, 100)}" is not followed by its result.`);
    open = new Set(message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : []);
  }
  const [missing] = open;
  if (missing !== undefined) throw invalid(`messages: the call "${missing.slice(0, 100)}" is not followed by its result.`);
}

/** Maestro's own notes, which have no field of their own on the wire: a script must not take them for what a person said. */
const leftOutNote = /^\[\d+ earlier steps? of this conversation (?:was|were) left out here/;
const lastTurnNote = /^No more tool calls are left\./;

export function findNotes(messages: readonly ModelMessage[]): Pick<ModelRequest, 'isShortened' | 'mustAnswer'> {
  const said = messages.flatMap((message) => (message.role === 'user' ? [message.content] : []));
  return { isShortened: leftOutNote.test(said[1] ?? ''), mustAnswer: said.length > 1 && lastTurnNote.test(said.at(-1) ?? '') };
}
