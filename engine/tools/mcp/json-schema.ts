import { z } from 'zod';
import { isRecord } from '../../../platform/json.ts';
import { checkBySchema, findSchemaTrouble, type JsonSchema, type SchemaIssue } from '../../../platform/json-schema.ts';

/** Where a value does not fit a schema, none where it fits. What cannot be checked does not fit, and says why. */
export function findMisfits(schema: JsonSchema, value: unknown): SchemaIssue[] {
  const check = checkBySchema(schema, value);
  switch (check.outcome) {
    case 'fits':
      return [];
    case 'does_not_fit':
      return check.issues;
    case 'unchecked':
      return [{ path: [], message: `could not be checked: the schema ${check.problem}` }];
  }
}

/** Why arguments cannot be checked against a tool's input schema, so that the tool cannot be switched on; null when they can. */
export function findSchemaProblem(schema: JsonSchema): string | null {
  if (schema['type'] !== 'object') return 'The input schema has to describe an object ("type": "object"): models give arguments by name.';
  const trouble = findSchemaTrouble(schema);
  return trouble === undefined ? null : `The input schema cannot be used: ${trouble}`;
}

/** The arguments of a tool, checked by its own schema; a refusal names each place that does not fit. */
export const toArgumentsSchema = (schema: JsonSchema): z.ZodType<Record<string, unknown>> =>
  z.custom<Record<string, unknown>>(isRecord, 'The arguments are an object.').superRefine((value, context) => {
    if (isRecord(value)) for (const { path, message } of findMisfits(schema, value)) context.addIssue({ code: 'custom', path, message });
  });
