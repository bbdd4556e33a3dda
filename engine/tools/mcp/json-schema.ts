import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { hashJson } from '../../../platform/hash-json.ts';
import { isRecord } from '../../../platform/json.ts';
import { validateInTime, validationTimeoutMs } from '../../../platform/validate-in-time.ts';

type Schema = Readonly<Record<string, unknown>>;
type Check = { fits: true } | { fits: false; issues: { path: string[]; message: string }[] };

const maxIssues = 10;
const maxCompiled = 500;
/** Compiled schemas, or why there is none, by hash: the catalogue is made anew every second or so, servers' schemas seldom change. */
const compiled = new Map<string, ValidateFunction | string>();

const options: Options = { allErrors: true, strict: false, validateFormats: false, logger: false };

/** The dialect a schema names; without any it is 2020-12. @see https://modelcontextprotocol.io/specification/2025-11-25/basic#json-schema-usage */
function createCompiler({ $schema: dialect }: Schema, given: Options): Ajv | undefined {
  if (dialect === undefined) return new Ajv2020(given);
  const name = /^https?:\/\/json-schema\.org\/(draft-0[67]|draft\/20(?:19-09|20-12))\/schema#?$/.exec(String(dialect))?.[1];
  if (name === undefined) return undefined;
  return name.startsWith('draft-0') ? new Ajv(given) : name.endsWith('2019-09') ? new Ajv2019(given) : new Ajv2020(given);
}

function compileNow(schema: Schema): ValidateFunction | string {
  if ('$async' in schema) return '"$async" is no word of JSON Schema.';
  const { $schema: _dialect, ...rules } = schema;
  let trouble = '';
  // Patterns of other languages often are regular expressions only without the u flag.
  for (const unicodeRegExp of [true, false]) {
    // A compiler of its own: schemas of different tools may carry the same $id. Nothing is ever fetched: it knows what is given to it.
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

function compile(schema: Schema): ValidateFunction | string {
  const hash = hashJson(schema);
  const known = compiled.get(hash);
  if (known !== undefined) return known;
  if (compiled.size >= maxCompiled) compiled.clear();
  const made = compileNow(schema);
  compiled.set(hash, made);
  return made;
}

const toIssue = ({ instancePath, message, params }: ErrorObject): { path: string[]; message: string } => {
  const named = 'additionalProperty' in params ? ` ("${String(params['additionalProperty']).slice(0, 100)}")` : 'allowedValues' in params ? `: ${JSON.stringify(params['allowedValues']).slice(0, 300)}` : '';
  return { path: instancePath.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 100)), message: `${message ?? 'does not fit'}${named}` };
};

/** Checks a value against somebody else's schema, in bounded time. What cannot be checked does not fit, and says why. */
export function checkAgainst(schema: Schema, value: unknown): Check {
  const validate = compile(schema);
  const refuse = (message: string): Check => ({ fits: false, issues: [{ path: [], message }] });
  if (typeof validate === 'string') return refuse(`The schema cannot be used: ${validate}`);
  const outcome = validateInTime(validate, value);
  if (outcome === 'fits') return { fits: true };
  if (outcome === 'slow') return refuse(`could not be checked against the schema within ${validationTimeoutMs / 1_000} s`);
  if (outcome === 'endless') return refuse('the schema refers to itself without end for this value');
  const issues = new Map((validate.errors ?? []).map(toIssue).map((issue) => [JSON.stringify(issue), issue]));
  return { fits: false, issues: [...issues.values()].slice(0, maxIssues) };
}

/** Why arguments cannot be checked against a tool's input schema, so that the tool cannot be switched on; null when they can. */
export function findSchemaProblem(schema: Schema): string | null {
  if (schema['type'] !== 'object') return 'The input schema has to describe an object ("type": "object"): models give arguments by name.';
  const made = compile(schema);
  return typeof made === 'string' ? `The input schema cannot be used: ${made}` : null;
}

/** The arguments of a tool, checked by its own schema; a refusal names each place that does not fit. */
export const toArgumentsSchema = (schema: Schema): z.ZodType<Record<string, unknown>> =>
  z.custom<Record<string, unknown>>(isRecord, 'The arguments are an object.').superRefine((value, context) => {
    if (!isRecord(value)) return;
    const checked = checkAgainst(schema, value);
    if (!checked.fits) for (const { path, message } of checked.issues) context.addIssue({ code: 'custom', path, message });
  });
