import type { McpDefinition } from '../../../contracts/mcp-servers.ts';
import { maxRunFileBytes, type OutputFile } from '../../../contracts/run-files.ts';
import { counted } from '../../../platform/counted.ts';
import { decodePercents } from '../../../platform/decode-percents.ts';
import { toFileName } from '../../../platform/file-name.ts';
import { newId } from '../../../platform/ids.ts';
import { jsonDepth, maxJsonDepth } from '../../../platform/json-depth.ts';
import { isRecord } from '../../../platform/json.ts';
import { toMediaType, unknownMediaType } from '../../../platform/media-type.ts';
import type { Json, ToolFile, ToolOutcome } from '../tool.ts';
import { findMisfits } from './json-schema.ts';
import type { McpResult } from './mcp-connection.ts';

/** Characters of text of one result, and of its structured content. */
const maxText = 5_000_000;
const maxParts = 1_000;
const maxFiles = 50;

const textOf = (value: unknown, max: number): string | undefined => (typeof value === 'string' ? value.slice(0, max).toWellFormed() : undefined);
/** Leaves out what is undefined. */
const compact = (members: Record<string, Json | undefined>): { [key: string]: Json } => Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined));

const mediaTypeOf = (value: unknown): string => (typeof value === 'string' ? toMediaType(value) : undefined) ?? unknownMediaType;
const extensionOf = (mediaType: string): string => /\/([a-z0-9]{2,5})(\+|$)/.exec(mediaType)?.[1] ?? 'bin';

const decode = (data: unknown): Buffer | undefined => {
  if (typeof data !== 'string') return undefined;
  const text = data.replaceAll(/\s+/g, '');
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
};

/** Collects the parts of one result within its bounds. */
class Parts {
  readonly files: ToolFile[] = [];
  readonly #toolName: string;
  #textLeft = maxText;
  #characters = 0;

  constructor(toolName: string) {
    this.#toolName = toolName;
  }

  get characters(): number {
    return this.#characters;
  }

  text(text: string): { [key: string]: Json } {
    const kept = text.slice(0, this.#textLeft).toWellFormed();
    this.#textLeft -= kept.length;
    this.#characters += kept.length;
    return { text: kept, ...(kept.length < text.length ? { truncated_from: text.length } : {}) };
  }

  binary(data: unknown, mimeType: unknown, name?: string): { [key: string]: Json } {
    const mediaType = mediaTypeOf(mimeType);
    const bytes = decode(data);
    if (bytes === undefined) return { media_type: mediaType, left_out: 'The content is no base64.' };
    if (bytes.length > maxRunFileBytes) return { media_type: mediaType, left_out: `The content has ${bytes.length} bytes; at most ${maxRunFileBytes} are kept.` };
    if (this.files.length >= maxFiles) return { media_type: mediaType, left_out: `At most ${maxFiles} files of one result are kept.` };
    const fallback = `${this.#toolName}-${this.files.length + 1}.${extensionOf(mediaType)}`;
    const file: ToolFile = { id: newId(), name: toFileName(name ?? '', toFileName(fallback)), mediaType, bytes };
    this.files.push(file);
    return { file: { id: file.id, name: file.name, media_type: mediaType, bytes: bytes.length } satisfies OutputFile };
  }
}

/** The last part of an address, as a file's name. */
const nameIn = (uri: string | undefined): string => decodePercents(uri?.split(/[?#]/)[0]?.split('/').at(-1) ?? '');

/** One part of a result; what cannot be read says so in its place. @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result */
function readPart(part: unknown, parts: Parts): { [key: string]: Json } {
  if (!isRecord(part) || typeof part['type'] !== 'string') return { type: 'unknown', left_out: 'This part of the result has no type.' };
  const type = part['type'].slice(0, 50);
  if (type === 'text') return typeof part['text'] === 'string' ? { type, ...parts.text(part['text']) } : { type, left_out: 'The text is missing.' };
  if (type === 'image' || type === 'audio') return { type, ...parts.binary(part['data'], part['mimeType']) };
  if (type === 'resource_link') {
    return compact({ type, uri: textOf(part['uri'], 2_000), name: textOf(part['name'], 300), title: textOf(part['title'], 300), description: textOf(part['description'], 2_000), media_type: textOf(part['mimeType'], 100) });
  }
  if (type === 'resource' && isRecord(part['resource'])) {
    const { uri: given, text, blob, mimeType } = part['resource'];
    const uri = textOf(given, 2_000);
    if (typeof text === 'string') return compact({ type, uri, media_type: textOf(mimeType, 100), ...parts.text(text) });
    return compact({ type, uri, ...parts.binary(blob, mimeType, nameIn(uri)) });
  }
  return { type, left_out: 'This kind of content is not understood here.' };
}

function readStructured(value: unknown, schema: McpDefinition['output_schema']): { [key: string]: Json } {
  if (value === undefined) return schema === null ? {} : { structured_content_problem: 'The tool promises structured content and sent none.' };
  const text = JSON.stringify(value) ?? 'null';
  if (text.length > maxText) return { structured_content_problem: `The structured content has ${text.length} characters; at most ${maxText} are kept.` };
  if (jsonDepth(text) > maxJsonDepth) return { structured_content_problem: `The structured content nests deeper than ${maxJsonDepth} levels and was left out.` };
  const misfits = schema === null ? [] : findMisfits(schema, value);
  if (misfits.length === 0) return { structured_content: value as Json };
  const problems = misfits.map(({ path, message }) => `${path.length === 0 ? 'it' : path.join('.')} ${message}`);
  return { structured_content: value as Json, structured_content_problem: `It does not fit the output schema of the tool: ${problems.join('; ').slice(0, 1_000)}` };
}

/** A result as text a model reads: binary content becomes files, structured content is checked against what the tool promised. */
export function toOutcome(result: McpResult, definition: McpDefinition): ToolOutcome {
  const parts = new Parts(definition.name);
  const content = result.content.slice(0, maxParts).map((part) => readPart(part, parts));
  const leftOut = result.content.length - content.length;
  const structured = readStructured(result.structuredContent, definition.output_schema);
  const summary = [
    ...(parts.characters > 0 ? [counted(parts.characters, 'character')] : []), ...(parts.files.length > 0 ? [counted(parts.files.length, 'file')] : []),
    ...('structured_content' in structured ? ['structured content'] : []), ...('structured_content_problem' in structured ? ['not as promised'] : []),
  ];
  return {
    output: { content, ...structured, ...(leftOut > 0 ? { parts_left_out: leftOut } : {}) },
    ...(parts.files.length > 0 ? { files: parts.files } : {}),
    summary: summary.length === 0 ? 'an empty result' : summary.join(', '),
  };
}

/** What a server says of a call that failed, for the model to read. */
export function toFailureText(result: McpResult): string {
  const texts = result.content.flatMap((part) => (isRecord(part) && typeof part['text'] === 'string' ? [part['text']] : []));
  const text = texts.join('\n').slice(0, 4_000).toWellFormed().trim();
  return text === '' ? 'it gave no reason.' : text;
}
