import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { hashJson } from './hash-json.ts';
import { validateInTime, validationTimeoutMs } from './validate-in-time.ts';

/** A JSON Schema that somebody else wrote. */
export type JsonSchema = Readonly<Record<string, unknown>>;
export interface SchemaIssue {
  path: string[];
  message: string;
}
/** What a check came to; `problem` is the end of a sentence that says why there is no answer. */
export type SchemaCheck = { outcome: 'fits' } | { outcome: 'does_not_fit'; issues: SchemaIssue[] } | { outcome: 'unchecked'; problem: string };

const maxIssues = 10;
const maxCompiled = 500;
/** Compiled schemas, or why there is none, by hash: they are looked at for every call and every answer, and seldom change. */
const compiled = new Map<string, ValidateFunction | string>();

const options: Options = { allErrors: true, strict: false, validateFormats: false, logger: false };

/** The dialect a schema names; without any it is 2020-12. @see https://modelcontextprotocol.io/specification/2025-11-25/basic#json-schema-usage */
function createCompiler({ $schema: dialect }: JsonSchema, given: Options): Ajv | undefined {
  if (dialect === undefined) return new Ajv2020(given);
  const name = /^https?:\/\/json-schema\.org\/(draft-0[67]|draft\/20(?:19-09|20-12))\/schema#?$/.exec(String(dialect))?.[1];
  if (name === undefined) return undefined;
  return name.startsWith('draft-0') ? new Ajv(given) : name.endsWith('2019-09') ? new Ajv2019(given) : new Ajv2020(given);
}

function compileNow(schema: JsonSchema): ValidateFunction | string {
  if ('$async' in schema) return '"$async" is no word of JSON Schema.';
  const { $schema: _dialect, ...rules } = schema;
  let trouble = '';
  // Patterns of other languages often are regular expressions only without the u flag.
  for (const unicodeRegExp of [true, false]) {
    // A compiler of its own: schemas of different tools and agents may carry the same $id. Nothing is ever fetched: it knows what is given to it.
    const compiler = createCompiler(schema, { ...options, unicodeRegExp });
    if (compiler === undefined) return `the dialect ${String(schema['$schema']).slice(0, 100)} is not understood.`;
    try {
      return compiler.compile(rules);
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
  }
  return trouble.slice(0, 300);
}

function compile(schema: JsonSchema): ValidateFunction | string {
  const hash = hashJson(schema);
  const known = compiled.get(hash);
  if (known !== undefined) return known;
  if (compiled.size >= maxCompiled) compiled.clear();
  const made = compileNow(schema);
  compiled.set(hash, made);
  return made;
}

const toIssue = ({ instancePath, message, params }: ErrorObject): SchemaIssue => {
  const named = 'additionalProperty' in params ? ` ("${String(params['additionalProperty']).slice(0, 100)}")` : 'allowedValues' in params ? `: ${JSON.stringify(params['allowedValues']).slice(0, 300)}` : '';
  return { path: instancePath.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 100)), message: `${message ?? 'does not fit'}${named}` };
};

/** Why a schema cannot be used; undefined when it can. */
export function findSchemaTrouble(schema: JsonSchema): string | undefined {
  const made = compile(schema);
  return typeof made === 'string' ? made : undefined;
}

/** Checks a value against somebody else's schema, in bounded time. */
export function checkBySchema(schema: JsonSchema, value: unknown): SchemaCheck {
  const validate = compile(schema);
  if (typeof validate === 'string') return { outcome: 'unchecked', problem: `cannot be used: ${validate}` };
  const outcome = validateInTime(validate, value);
  if (outcome === 'fits') return { outcome };
  if (outcome === 'slow') return { outcome: 'unchecked', problem: `could not be applied to this value within ${validationTimeoutMs / 1_000} s` };
  if (outcome === 'endless') return { outcome: 'unchecked', problem: 'refers to itself without end for this value' };
  const issues = new Map((validate.errors ?? []).map(toIssue).map((issue) => [JSON.stringify(issue), issue]));
  return { outcome, issues: [...issues.values()].slice(0, maxIssues) };
}
