/** Starts of a cell that spreadsheets take for a formula, wherever the text came from. */
const formulaStart = /^[=+\-@\t\r]/;

const toCell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  // Numbers keep their minus; any other text that looks like a formula is made plain by an apostrophe.
  const plain = typeof value !== 'number' && formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** Rows as CSV (RFC 4180, CR LF) with a head; what is no text or number is written as JSON. Cells cannot be formulas. */
export const toCsv = (columns: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
