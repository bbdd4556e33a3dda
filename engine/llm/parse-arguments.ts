import { z } from 'zod';
import { jsonDepth, maxJsonDepth } from '../../platform/json-depth.ts';
import type { ModelToolCall } from './language-model.ts';

const jsonObjectSchema = z.record(z.string(), z.json());

/**
 * Arguments of a call as a provider gave them: text, or an object already (some local servers). Nothing at all means no arguments.
 * Text that is no JSON object, or nested beyond reason, stays as it is for the record; the model is told.
 */
export function parseArguments(given: unknown): Pick<ModelToolCall, 'arguments' | 'rawArguments'> {
  if (given === undefined || given === null || given === '') return { arguments: {}, rawArguments: '{}' };
  const rawArguments = typeof given === 'string' ? given : (JSON.stringify(given) ?? '');
  if (jsonDepth(rawArguments) > maxJsonDepth) return { arguments: undefined, rawArguments };
  let value: unknown = given;
  if (typeof given === 'string') {
    try {
      value = JSON.parse(given);
    } catch {
      return { arguments: undefined, rawArguments };
    }
  }
  const parsed = jsonObjectSchema.safeParse(value);
  return { arguments: parsed.success ? (parsed.data as ModelToolCall['arguments']) : undefined, rawArguments };
}
