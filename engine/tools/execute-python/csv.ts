import { isRecord, type Json } from '../../../platform/json.ts';

const toCell = (value: Json | undefined): string => {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const toText = (rows: readonly (readonly (Json | undefined)[])[]): string => rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('');

/**
 * A list of rows as CSV (RFC 4180), or undefined when the value holds none: a list of objects, whose keys become the header in the
 * order they first appear, a list of lists, taken as it is, or an object with such a list as `rows` (a query's output). Null is an empty
 * cell, a nested value its JSON.
 */
export const toCsv = (value: Json): string | undefined => {
  const rows = isRecord(value) ? value['rows'] : value;
  if (!Array.isArray(rows)) return undefined;
  if (rows.length > 0 && rows.every((row) => Array.isArray(row))) return toText(rows);
  if (!rows.every((row) => isRecord(row))) return undefined;
  // A query without rows still has columns.
  const columns = isRecord(value) && Array.isArray(value['columns']) ? value['columns'].flatMap((column) => (isRecord(column) && typeof column['name'] === 'string' ? [column['name']] : [])) : [];
  const header = [...new Set([...columns, ...rows.flatMap((row) => Object.keys(row))])];
  return header.length === 0 ? '' : toText([header, ...rows.map((row) => header.map((name) => row[name]))]);
};
