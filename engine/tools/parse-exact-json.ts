import type { Json } from './tool.ts';

/**
 * Reads JSON without rounding: integers JavaScript cannot hold are kept as the text of their digits, and numbers beyond a double's
 * range as their text. `hasTextNumbers` tells that this happened. Throws SyntaxError.
 */
export function parseExactJson(json: string): { value: Json; hasTextNumbers: boolean } {
  let hasTextNumbers = false;
  // The third argument (source text access, ES2026) is not in TypeScript's library yet.
  const reviver = (_key: string, value: Json, context?: { source?: string }): Json => {
    const isExact = typeof value !== 'number' || (Number.isFinite(value) && (!/^-?\d+$/.test(context?.source ?? '') || Number.isSafeInteger(value)));
    if (isExact || context?.source === undefined) return value;
    hasTextNumbers = true;
    return context.source;
  };
  return { value: JSON.parse(json, reviver as (key: string, value: unknown) => unknown) as Json, hasTextNumbers };
}
