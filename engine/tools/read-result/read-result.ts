import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolFacts } from '../../../contracts/tools.ts';
import type { Json, Tool, ToolCallContext, ToolFile } from '../tool.ts';
import { findPath } from './find-path.ts';
import { findText } from './find-text.ts';
import { readPart } from './read-part.ts';

export const readResultArgumentsSchema = z
  .strictObject({
    result_of: z.string().min(1).max(200).optional().describe('Id of an earlier tool call of this run, as a shortened result names it.'),
    file: z.string().min(1).max(200).optional().describe('Instead of result_of: id or name of a text file an earlier call of this run made.'),
    path: z.string().max(1_000).optional().describe('Where in the result to look: a JSON pointer such as /rows/3/body, or rows[3].body. Default: the whole.'),
    offset: z.int().min(0).optional().describe('First character of a text, or of the JSON of anything else. Go on at next_offset.'),
    length: z.int().min(1).max(20_000).optional().describe('Characters wanted; as many as fit by default.'),
    items_from: z.int().min(0).optional().describe('First item of a list, or of what was found. Go on at next_items_from.'),
    items_count: z.int().min(1).max(10_000).optional().describe('Items wanted; as many as fit by default.'),
    find: z.string().min(1).max(200).optional().describe('Text to look for, upper or lower case; gives path, offset and surroundings of each place.'),
  })
  .refine((args) => (args.result_of === undefined) !== (args.file === undefined), 'Give either result_of or file.')
  .refine((args) => args.find === undefined || (args.offset === undefined && args.length === undefined && args.items_count === undefined), 'find goes with path and items_from only.')
  .refine((args) => (args.items_from === undefined && args.items_count === undefined) || (args.offset === undefined && args.length === undefined), 'Give either characters (offset, length) or items (items_from, items_count).');
export type ReadResultArguments = z.infer<typeof readResultArgumentsSchema>;

/** A file as text. Throws TOOL_INPUT_INVALID when it is none. */
function toText({ name, mediaType, bytes }: ToolFile): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\u0000')) return text;
  } catch {
    // Told below.
  }
  throw new AppError('TOOL_INPUT_INVALID', `The file "${name}" (${mediaType}, ${bytes.length} bytes) is no UTF-8 text and cannot be read here.`);
}

/** A file is a text; asked for a part of it by path or items, it has to be JSON. */
function toValue(file: ToolFile, wantsParts: boolean): Json {
  const text = toText(file);
  if (!wantsParts) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new AppError('TOOL_INPUT_INVALID', `The file "${file.name}" is no JSON: leave path, items_from and items_count out and read it as text.`);
  }
}

async function findWhole(args: ReadResultArguments, context: ToolCallContext): Promise<Json> {
  if (args.file === undefined) return context.readResult(args.result_of as string);
  const wantsParts = (args.path ?? '') !== '' || (args.find === undefined && (args.items_from !== undefined || args.items_count !== undefined));
  return toValue(await context.readFile(args.file), wantsParts);
}

/**
 * The tool that reads what was left out of an earlier result, exactly and in pieces that are never shortened themselves: at most 20,000
 * characters of JSON. Output is one of `{text, offset, total_characters, next_offset}`, `{items, items_from, total_items, next_items_from}`,
 * `{value, total_characters}`, `{keys, …}` of an object too large, `{matches, total_matches, next_items_from}`. Throws TOOL_INPUT_INVALID.
 */
export const createReadResultTool = (): Tool<ReadResultArguments> => ({
  name: 'read_result',
  description: 'Reads a part of an earlier tool result of this run that was too large to be shown whole, or of a text file a tool made: by path, by characters, by items of a list, or by what stands in it.',
  argumentsSchema: readResultArgumentsSchema,
  offeredWith: 'any',
  defaultRisk: 'LOW',
  risk: () => 'LOW',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: null,
  timeoutMs: 30_000,
  facts: ({ result_of, file }) => (file === undefined ? { result_of: result_of ?? '' } : { file }) as ToolFacts,
  effectSentence: ({ result_of: resultOf, file }) => (resultOf === undefined ? `Read the file "${file}" of this run` : `Read more of the result of ${resultOf}`),
  async execute(args, context) {
    const { value, at } = findPath(await findWhole(args, context), args.path ?? '');
    return args.find === undefined ? readPart(value, at, args) : findText(value, at, { find: args.find, from: args.items_from ?? 0 });
  },
});
