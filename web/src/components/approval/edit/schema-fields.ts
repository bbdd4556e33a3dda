import type { Arguments } from '../arguments/argument-items.ts';
import { isRecord } from '@/lib/is-record.ts';

type Schema = Record<string, unknown>;

/** `lines`: a list of texts, one a line. `json`: what no simple field can hold. */
export type FieldKind = 'text' | 'long_text' | 'integer' | 'number' | 'boolean' | 'choice' | 'lines' | 'json';

/** One argument as a field of a form. The draft of every field is a text, so that it survives a reload as typed. */
export interface ArgumentField {
  key: string;
  label: string;
  kind: FieldKind;
  description?: string;
  isRequired: boolean;
  /** Null is a value of its own, which the field left empty means. Never of a `json` field. */
  isNullable: boolean;
  /** Values of a `choice`. */
  choices: readonly (string | number)[];
  schema: Schema;
}

export type Draft = Record<string, string>;
export type ParsedField = { ok: true; value: unknown } | { ok: false; message: string };

const numberOf = (schema: Schema, name: string): number | undefined => (typeof schema[name] === 'number' ? schema[name] : undefined);

const isOneLine = (text: string): boolean => !/[\r\n]/.test(text);

/** Whether a value survives being typed in a field of this kind and read back unchanged. */
const holds = (kind: FieldKind, value: unknown, choices: readonly (string | number)[]): boolean => {
  if (value === undefined || kind === 'json') return true;
  switch (kind) {
    // Browsers drop line feeds typed into one line, and turn CR LF into LF in many.
    case 'text': return typeof value === 'string' && isOneLine(value);
    case 'long_text': return typeof value === 'string' && !value.includes('\r');
    case 'integer': return Number.isInteger(value);
    case 'number': return typeof value === 'number';
    case 'boolean': return typeof value === 'boolean';
    case 'choice': return choices.includes(value as string);
    case 'lines': return Array.isArray(value) && value.every((line) => typeof line === 'string' && isOneLine(line) && line.trim() === line && line !== '');
  }
};

/** An e-mail address, the longest thing people write on one line, has up to 320. */
const longTextFrom = 320;

/** `anyOf: [X, null]` and `type: [x, 'null']` are X that may be null. */
const withoutNull = (schema: Schema): { schema: Schema; isNullable: boolean } => {
  const { anyOf, ...rest } = schema;
  const isNull = (one: unknown): boolean => isRecord(one) && one.type === 'null';
  if (Array.isArray(anyOf) && anyOf.length === 2 && anyOf.some(isNull)) {
    const other: unknown = anyOf.find((one) => !isNull(one));
    if (isRecord(other)) return { schema: { ...other, ...rest }, isNullable: true };
  }
  if (Array.isArray(schema.type) && schema.type.length === 2 && schema.type.includes('null')) return { schema: { ...schema, type: schema.type.find((one) => one !== 'null') as unknown }, isNullable: true };
  return { schema, isNullable: false };
};

const kindOf = (schema: Schema, value: unknown): { kind: FieldKind; choices: readonly (string | number)[] } => {
  const none: readonly (string | number)[] = [];
  const { enum: values, type } = schema;
  if (Array.isArray(values) && values.length > 0 && values.every((one) => typeof one === 'string' || typeof one === 'number')) return { kind: 'choice', choices: values };
  if (type === 'string') {
    const isLong = (numberOf(schema, 'maxLength') ?? 0) > longTextFrom || (typeof value === 'string' && (!isOneLine(value) || value.length > longTextFrom));
    return { kind: isLong && schema.format === undefined ? 'long_text' : 'text', choices: none };
  }
  if (type === 'integer' || type === 'number' || type === 'boolean') return { kind: type, choices: none };
  if (type === 'array' && isRecord(schema.items) && schema.items.type === 'string') return { kind: 'lines', choices: none };
  return { kind: 'json', choices: none };
};

const toLabel = (key: string): string => {
  const words = key.replaceAll('_', ' ').replaceAll(/\b(api|html|http|id|json|sql|url)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/**
 * The fields of a form for a tool's arguments, from its JSON Schema. A part the form has no field for, or a value a simple
 * field would change by merely showing it, becomes a JSON field; arguments outside the schema are kept as JSON fields too.
 */
export const toFields = (parameters: Schema, args: Arguments): ArgumentField[] => {
  const properties = isRecord(parameters.properties) ? parameters.properties : {};
  const required = Array.isArray(parameters.required) ? parameters.required : [];
  const keys = [...Object.keys(properties), ...Object.keys(args).filter((key) => !(key in properties))];
  return keys.map((key) => {
    const { schema, isNullable } = withoutNull(isRecord(properties[key]) ? properties[key] : {});
    const value = args[key];
    const wished = kindOf(schema, value);
    // An empty text and null look the same in a field.
    const isHeld = isNullable && (value === null || value === '') ? value === null : holds(wished.kind, value, wished.choices);
    const kind = isHeld ? wished.kind : 'json';
    return {
      key,
      label: toLabel(key),
      kind,
      ...(typeof schema.description === 'string' ? { description: schema.description } : {}),
      isRequired: required.includes(key),
      isNullable: isNullable && kind !== 'json',
      choices: wished.choices,
      schema,
    };
  });
};

/** What a field shows for a value; an absent one is empty. */
export const toDraftText = (field: ArgumentField, value: unknown): string => {
  if (value === undefined || (value === null && field.isNullable)) return '';
  switch (field.kind) {
    case 'text':
    case 'long_text': return value as string;
    case 'lines': return (value as string[]).join('\n');
    case 'json': return JSON.stringify(value, null, 2);
    default: return String(value);
  }
};

const parseNumber = (text: string, { kind, schema }: ArgumentField): ParsedField => {
  const value = Number(text.trim());
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) || !Number.isFinite(value)) return { ok: false, message: 'Enter a number.' };
  if (kind === 'integer' && !Number.isSafeInteger(value)) return { ok: false, message: 'Enter a whole number.' };
  const minimum = numberOf(schema, 'minimum');
  const maximum = numberOf(schema, 'maximum');
  if (minimum !== undefined && value < minimum) return { ok: false, message: `At least ${minimum}.` };
  if (maximum !== undefined && value > maximum) return { ok: false, message: `At most ${maximum}.` };
  return { ok: true, value };
};

const parseText = (text: string, { schema }: ArgumentField): ParsedField => {
  const minimum = numberOf(schema, 'minLength');
  const maximum = numberOf(schema, 'maxLength');
  if (minimum !== undefined && text.length < minimum) return { ok: false, message: minimum === 1 ? 'Must not be empty.' : `At least ${minimum} characters.` };
  if (maximum !== undefined && text.length > maximum) return { ok: false, message: `At most ${maximum} characters; this has ${text.length}.` };
  return { ok: true, value: text };
};

const parseLines = (text: string, { schema }: ArgumentField): ParsedField => {
  const value = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const minimum = numberOf(schema, 'minItems');
  const maximum = numberOf(schema, 'maxItems');
  if (minimum !== undefined && value.length < minimum) return { ok: false, message: `At least ${minimum}, one a line.` };
  if (maximum !== undefined && value.length > maximum) return { ok: false, message: `At most ${maximum}; this has ${value.length}.` };
  return { ok: true, value };
};

const parseJson = (text: string): ParsedField => {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, message: `This is not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
};

/**
 * The value of a field from what was typed, with its type kept; `undefined` leaves the argument out. A first check only: the
 * server judges the whole call by the tool's schema and by policy.
 */
export const parseField = (field: ArgumentField, text: string, original: unknown): ParsedField => {
  // Untouched is unchanged, to the last character and whatever the rules below would say.
  if (original !== undefined && text === toDraftText(field, original)) return { ok: true, value: original };
  const isBlank = text.trim() === '';
  if (isBlank && field.isNullable && (field.isRequired || original !== undefined)) return { ok: true, value: null };
  if (isBlank && !field.isRequired) return { ok: true, value: undefined };
  switch (field.kind) {
    case 'text':
    case 'long_text': return parseText(text, field);
    case 'lines': return parseLines(text, field);
    case 'boolean': return isBlank ? { ok: false, message: 'Choose yes or no.' } : { ok: true, value: text === 'true' };
    case 'integer':
    case 'number': return isBlank ? { ok: false, message: 'Enter a number.' } : parseNumber(text, field);
    case 'choice': {
      const value = field.choices.find((choice) => String(choice) === text);
      return value === undefined ? { ok: false, message: 'Choose one.' } : { ok: true, value };
    }
    case 'json': return isBlank ? { ok: false, message: 'Enter JSON; null for nothing.' } : parseJson(text);
  }
};

/** All arguments from a draft, or the message of each field that does not fit. Keys keep the order of the original call. */
export const parseDraft = (
  fields: readonly ArgumentField[],
  draft: Draft,
  original: Arguments,
): { ok: true; args: Arguments } | { ok: false; messages: Record<string, string> } => {
  const values = new Map<string, unknown>();
  const messages: Record<string, string> = {};
  for (const field of fields) {
    const parsed = parseField(field, draft[field.key] ?? toDraftText(field, original[field.key]), original[field.key]);
    if (!parsed.ok) messages[field.key] = parsed.message;
    else if (parsed.value !== undefined) values.set(field.key, parsed.value);
  }
  if (Object.keys(messages).length > 0) return { ok: false, messages };
  const order = [...Object.keys(original).filter((key) => values.has(key)), ...[...values.keys()].filter((key) => !(key in original))];
  return { ok: true, args: Object.fromEntries(order.map((key) => [key, values.get(key)])) };
};
