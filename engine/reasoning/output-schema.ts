import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { AgentDefinition } from '../../contracts/agents.ts';
import type { RunOutputs } from '../../contracts/runs.ts';
import { validateInTime, validationTimeoutMs } from '../../platform/validate-in-time.ts';

type OutputSchema = NonNullable<AgentDefinition['output_schema']>;
export type OutputReading = { ok: true; data: RunOutputs['data'] } | { ok: false; problems: string[] };

const maxProblems = 10;
const maxCompiled = 200;
/** Compiled schemas by their text; agents have few, a worker serves many turns. */
const compiled = new Map<string, ValidateFunction | string>();

function compile(schema: OutputSchema): ValidateFunction | string {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (compiled.size >= maxCompiled) compiled.clear();
  let made: ValidateFunction | string;
  try {
    // A compiler of its own: schemas of different agents may carry the same $id.
    made = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false }).compile(schema);
  } catch (error) {
    made = error instanceof Error ? error.message : String(error);
  }
  compiled.set(text, made);
  return made;
}

/** The JSON of an answer: all of it, or what stands between the fences models like to put around it. */
export function parseAnswer(text: string): { value: unknown } | undefined {
  const fenced = /```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```/i.exec(text)?.[1];
  for (const candidate of [text, fenced]) {
    if (candidate === undefined) continue;
    try {
      return { value: JSON.parse(candidate.trim()) };
    } catch {
      // The next candidate may be JSON.
    }
  }
  return undefined;
}

const troubles = { slow: `the answer could not be checked against the agent's output schema within ${validationTimeoutMs / 1_000} s`, endless: "the agent's output schema refers to itself without end for this answer" } as const;

/** Reads a final answer as the agent's output schema wants it; else what is wrong, in words the model and a person can act on. */
export function readOutput(schema: OutputSchema, text: string): OutputReading {
  const validate = compile(schema);
  if (typeof validate === 'string') return { ok: false, problems: [`the agent's output schema cannot be used: ${validate.slice(0, 300)}`] };
  const parsed = parseAnswer(text);
  if (parsed === undefined) return { ok: false, problems: ['the answer is not JSON'] };
  const checked = validateInTime(validate, parsed.value);
  if (checked === 'slow' || checked === 'endless') return { ok: false, problems: [troubles[checked]] };
  if (checked === 'fits') return { ok: true, data: parsed.value as RunOutputs['data'] };
  const problems = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const named = 'additionalProperty' in params ? ` ("${String(params['additionalProperty']).slice(0, 100)}")` : 'allowedValues' in params ? `: ${JSON.stringify(params['allowedValues']).slice(0, 200)}` : '';
    return `${instancePath === '' ? 'the answer' : instancePath.slice(1).replaceAll('/', '.').slice(0, 200)} ${message ?? 'does not fit'}${named}`;
  });
  return { ok: false, problems: [...new Set(problems)].slice(0, maxProblems) };
}
