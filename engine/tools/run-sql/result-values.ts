import pg from 'pg';
import { jsonDepth, maxJsonDepth } from '../../../platform/json-depth.ts';
import type { Json } from '../tool.ts';
import { parseExactJson } from '../parse-exact-json.ts';

/** A column's type as the server names it, with what is needed to read its values. */
export interface ColumnType {
  /** e.g. `timestamp with time zone`, `integer[]`. */
  name: string;
  /** Name of the type in the catalogue, of an array its elements' (`int8` for `bigint[]`): what {@link toColumnValues} switches on. */
  base: string;
  isArray: boolean;
}

/** pg's own parser of array literals; its types call it a function. */
const arrays = pg.types.arrayParser as unknown as { create(source: string, transform: (item: string) => string): { parse(): Nested } };

/** Significant decimal digits every double keeps. */
const exactDigits = 15;

const isExactInteger = (text: string): boolean => Number.isSafeInteger(Number(text));
const isExactDecimal = (text: string): boolean => {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(text);
  return match !== null && `${match[1]}${match[2] ?? ''}`.replace(/^0+/, '').replace(/0+$/, '').length <= exactDigits && Math.abs(Number(text)) < Number.MAX_SAFE_INTEGER;
};

/** `2026-11-24 10:00:00.5+00` → `2026-11-24T10:00:00.5Z`; `infinity` and dates before Christ stay as PostgreSQL writes them. */
const toIsoTimestamp = (text: string): string => text.replace(/^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(\+00)?$/, (_all, date: string, time: string, zone?: string) => `${date}T${time}${zone === undefined ? '' : 'Z'}`);

type Convert = (text: string) => Json;

/** How one value of a base type is read; `areNumbers` is the decision for the whole column, so that its values never mix types. */
function converterOf(base: string, areNumbers: boolean): Convert {
  switch (base) {
    case 'bool': return (text) => text === 't';
    case 'int2': case 'int4': case 'oid': return Number;
    case 'int8': case 'numeric': return areNumbers ? Number : (text) => text;
    case 'float4': case 'float8': return (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
    // Whoever reads, hides or stores a value later descends into it: one that nests without end stays text.
    case 'json': case 'jsonb': return (text) => (jsonDepth(text) > maxJsonDepth ? text : parseExactJson(text).value);
    case 'timestamp': case 'timestamptz': return toIsoTimestamp;
    case 'bytea': return (text) => Buffer.from(text.slice(2), 'hex').toString('base64');
    default: return (text) => text;
  }
}

type Nested = (string | null | Nested)[];
const mapNested = (value: string | null | Nested, convert: Convert): Json =>
  value === null ? null : typeof value === 'string' ? convert(value) : value.map((item) => mapNested(item, convert));
const leaves = (value: string | null | Nested): string[] => (value === null ? [] : typeof value === 'string' ? [value] : value.flatMap(leaves));

/**
 * Reads one column's values from PostgreSQL's text form as JSON without losing anything: `int8` and `numeric` are numbers when every
 * value of the column fits one exactly, else all are text; JSON deeper than 64 levels is text; not-a-number and infinity are text; bytes are base64; types JSON has no
 * form for stay as PostgreSQL writes them.
 */
export function toColumnValues(texts: readonly (string | null)[], type: ColumnType): Json[] {
  const values: (string | null | Nested)[] = type.isArray
    ? texts.map((text) => (text === null ? null : arrays.create(text, (item) => item).parse()))
    : [...texts];
  const isExact = type.base === 'int8' ? isExactInteger : type.base === 'numeric' ? isExactDecimal : undefined;
  const areNumbers = isExact === undefined || values.every((value) => leaves(value).every(isExact));
  const convert = converterOf(type.base, areNumbers);
  return values.map((value) => mapNested(value, convert));
}
