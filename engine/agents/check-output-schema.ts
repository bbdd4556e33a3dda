import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AgentDefinition } from '../../contracts/agents.ts';
import type { FieldIssue } from '../../contracts/errors.ts';
import { isRecord } from '../../platform/json.ts';

const draft = 'https://json-schema.org/draft/2020-12/schema';
const maxIssues = 10;
const dotted = (pointer: string): string => pointer.split('/').filter((part) => part !== '').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
const at = (pointer: string): string => ['output_schema', dotted(pointer)].filter((part) => part !== '').join('.');

/** References that leave the schema. What a word means as a property's name is not told apart: `properties.$ref` is refused too. */
function findForeignReferences(value: unknown, path: string): FieldIssue[] {
  if (Array.isArray(value)) return value.flatMap((member, index) => findForeignReferences(member, `${path}.${index}`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = `${path}.${key}`;
    if ((key === '$ref' || key === '$dynamicRef') && typeof member === 'string' && !member.startsWith('#')) return [{ path: here, message: 'Refer to a place within the schema (#/$defs/…): nothing is fetched from elsewhere.' }];
    return findForeignReferences(member, here);
  });
}

/**
 * What keeps an output schema from being used: it is JSON Schema 2020-12 of an object and refers to nothing outside itself. Each issue
 * names the place (`output_schema.properties.total.type`). The schema is at most 50 kB and 64 levels deep by then.
 */
export function checkOutputSchema(schema: NonNullable<AgentDefinition['output_schema']>): FieldIssue[] {
  const { $schema: dialect, type } = schema;
  if (dialect !== undefined && (typeof dialect !== 'string' || dialect.replace(/#$/, '') !== draft)) return [{ path: 'output_schema.$schema', message: `Only ${draft} is understood.` }];
  if (type !== 'object') return [{ path: 'output_schema.type', message: 'The answer is an object: write "type": "object" at the top.' }];
  if ('$async' in schema) return [{ path: 'output_schema.$async', message: 'This is no word of JSON Schema.' }];
  if (schema['$ref'] === '#') return [{ path: 'output_schema.$ref', message: 'The schema refers to itself without end.' }];
  const foreign = findForeignReferences(schema, 'output_schema');
  if (foreign.length > 0) return foreign.slice(0, maxIssues);
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false });
  if (ajv.validateSchema(schema) !== true) {
    const issues = (ajv.errors ?? []).map(({ instancePath, message }) => ({ path: at(instancePath), message: `This ${message ?? 'is not valid'}.` }));
    return [...new Map(issues.map((issue) => [issue.path, issue])).values()].slice(0, maxIssues);
  }
  try {
    ajv.compile(schema);
    return [];
  } catch (error) {
    // A pattern that is no regular expression, a reference to a place that is not there.
    return [{ path: 'output_schema', message: `The schema cannot be used: ${(error instanceof Error ? error.message : String(error)).slice(0, 300)}` }];
  }
}
