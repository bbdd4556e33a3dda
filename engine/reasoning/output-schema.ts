import type { AgentDefinition } from '../../contracts/agents.ts';
import type { RunOutputs } from '../../contracts/runs.ts';
import { checkBySchema } from '../../platform/json-schema.ts';

type OutputSchema = NonNullable<AgentDefinition['output_schema']>;
export type OutputReading = { ok: true; data: RunOutputs['data'] } | { ok: false; problems: string[] };

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

/** Reads a final answer as the agent's output schema wants it; else what is wrong, in words the model and a person can act on. */
export function readOutput(schema: OutputSchema, text: string): OutputReading {
  const parsed = parseAnswer(text);
  if (parsed === undefined) return { ok: false, problems: ['the answer is not JSON'] };
  const check = checkBySchema(schema, parsed.value);
  switch (check.outcome) {
    case 'fits':
      return { ok: true, data: parsed.value as RunOutputs['data'] };
    case 'unchecked':
      return { ok: false, problems: [`the agent's output schema ${check.problem}`] };
    case 'does_not_fit':
      return { ok: false, problems: check.issues.map(({ path, message }) => `${path.length === 0 ? 'the answer' : path.join('.').slice(0, 200)} ${message}`) };
  }
}
