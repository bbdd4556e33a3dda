/** One line of a bench's table. */
export interface Figure {
  name: string;
  bare: string;
  maestro: string;
  ratio: string;
  aim: string;
}

/** Nearest-rank percentile; NaN without values. */
export const percentile = (values: readonly number[], rank: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil((rank / 100) * values.length) - 1)] ?? Number.NaN;

export const ratio = (a: number, b: number): string => (a / b).toFixed(2);

/** Median and 95th percentile, the pair most figures come as. */
export const p50p95 = (values: readonly number[], digits = 1): string => `${percentile(values, 50).toFixed(digits)} / ${percentile(values, 95).toFixed(digits)} ms`;

/** The figures as an aligned table; `bare` names what Maestro is compared with. */
export function toTable(figures: readonly Figure[], bare = 'bare loop'): string {
  const rows = [['', bare, 'Maestro', 'ratio', 'aim'], ...figures.map((figure) => [figure.name, figure.bare, figure.maestro, figure.ratio, figure.aim])];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}
