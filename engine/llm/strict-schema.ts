import { isRecord } from '../../platform/json.ts';

type Schema = Record<string, unknown>;

/** What both providers' grammars know; a schema that uses more is left to the prompt. */
const knownKeywords = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf', 'description', 'title', '$schema']);

function isStrictNode(node: unknown): boolean {
  if (!isRecord(node) || !Object.keys(node).every((key) => knownKeywords.has(key))) return false;
  const { properties, required, items, anyOf } = node;
  if (anyOf !== undefined && !(Array.isArray(anyOf) && anyOf.every(isStrictNode))) return false;
  if (items !== undefined && !isStrictNode(items)) return false;
  if (node['type'] === 'array') return items !== undefined;
  if (node['type'] !== 'object') return properties === undefined && (node['type'] !== undefined || anyOf !== undefined || 'enum' in node || 'const' in node);
  const names = Object.keys(isRecord(properties) ? properties : {});
  const isClosed = node['additionalProperties'] === false && Array.isArray(required) && names.every((name) => required.includes(name));
  return isClosed && isRecord(properties) && Object.values(properties).every(isStrictNode);
}

/**
 * Whether a provider can hold a model to this schema: an object at the top, closed and with every property required throughout,
 * and no keyword beyond the common ones.
 * @see https://developers.openai.com/api/docs/guides/structured-outputs (2026-11)
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (2026-11)
 */
export const isStrictSchema = (schema: Schema): boolean => schema['type'] === 'object' && isStrictNode(schema);
