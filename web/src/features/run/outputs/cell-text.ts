/** A value of a table as text, exactly as it came: numbers as JSON writes them, lists and objects as JSON, `null` and what is absent apart. */
export const toCellText = (value: unknown): { text: string; kind: 'null' | 'absent' | 'number' | 'boolean' | 'json' | 'text' } => {
  if (value === undefined) return { text: '', kind: 'absent' };
  if (value === null) return { text: 'NULL', kind: 'null' };
  if (typeof value === 'string') return { text: value, kind: 'text' };
  if (typeof value === 'number') return { text: JSON.stringify(value), kind: 'number' };
  if (typeof value === 'boolean') return { text: String(value), kind: 'boolean' };
  return { text: JSON.stringify(value), kind: 'json' };
};

const numeric = /^(smallint|integer|bigint|numeric|real|double precision|decimal|money|oid|int[248]|float[48])\b(?!.*\[\])/;

/** Whether values of a column stand at the right: by its type, else by the values there are. */
export const isNumericColumn = (type: string | undefined, values: readonly unknown[]): boolean =>
  type === undefined ? values.some((value) => typeof value === 'number') && values.every((value) => value === null || value === undefined || typeof value === 'number') : numeric.test(type.toLowerCase());
