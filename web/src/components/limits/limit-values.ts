import type { RunLimits } from '@contracts/agents.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import { formatInteger } from '@/lib/format.ts';

export const durationUnits = { minutes: 60, hours: 3600, days: 24 * 3600 } as const;
export type DurationUnit = keyof typeof durationUnits;

/** Limits of a run as a form holds them: what was typed, in units people think in. */
export interface LimitValues {
  max_iterations: string;
  max_tokens: string;
  /** Dollars; empty: no limit. */
  max_cost: string;
  max_duration: string;
  duration_unit: DurationUnit;
}

/** The largest unit that shows a length without a fraction. */
const unitOf = (seconds: number): DurationUnit =>
  (['days', 'hours'] as const).find((unit) => seconds % durationUnits[unit] === 0) ?? 'minutes';

/** A length of time as a form holds it: an amount of the largest unit that fits. */
export const toDurationValues = (seconds: number): { amount: string; unit: DurationUnit } => {
  const unit = unitOf(seconds);
  return { amount: String(Number((seconds / durationUnits[unit]).toFixed(3))), unit };
};

export const toLimitValues = (limits: RunLimits): LimitValues => {
  const { amount, unit } = toDurationValues(limits.max_duration_seconds);
  return {
    max_iterations: String(limits.max_iterations),
    max_tokens: String(limits.max_tokens),
    max_cost: limits.max_cost_micro_usd === null ? '' : String(limits.max_cost_micro_usd / 1_000_000),
    max_duration: amount,
    duration_unit: unit,
  };
};

/** A number as people type it: spaces group digits, a comma may stand for the point when it is alone. */
export const parseTypedNumber = (text: string): number => {
  const plain = text.replaceAll(/[\s\u202f_]/g, '');
  return /^-?\d+,\d{1,2}$/.test(plain) || /^-?\d+,\d{4,}$/.test(plain) ? Number(plain.replace(',', '.')) : plain === '' ? Number.NaN : Number(plain.replaceAll(/,(?=\d{3}(\D|$))/g, ''));
};

interface Bounds {
  field: keyof LimitValues;
  label: string;
  min: number;
  max: number;
  isWhole: boolean;
}

const bounds = {
  max_iterations: { field: 'max_iterations', label: 'Iterations', min: 1, max: 200, isWhole: true },
  max_tokens: { field: 'max_tokens', label: 'Tokens', min: 100, max: 100_000_000, isWhole: true },
  max_cost: { field: 'max_cost', label: 'Cost', min: 0.000001, max: 10_000, isWhole: false },
} as const satisfies Record<string, Bounds>;

const check = (text: string, { label, min, max, isWhole }: Bounds): number | string => {
  const value = parseTypedNumber(text);
  if (Number.isNaN(value)) return `${label}: enter a number.`;
  if (isWhole && !Number.isInteger(value)) return `${label}: enter a whole number.`;
  if (value < min || value > max) return isWhole ? `${label}: from ${formatInteger(min)} to ${formatInteger(max)}.` : `${label}: more than 0 and at most ${formatInteger(max)} dollars.`;
  return value;
};

const longestDays = 30;

/** Limits as the api takes them, or what is wrong with which field (paths under `limits.`). */
export const fromLimitValues = (values: LimitValues): { limits: RunLimits; issues: FieldIssue[] } => {
  const issues: FieldIssue[] = [];
  const read = (field: keyof typeof bounds): number => {
    const result = check(values[field], bounds[field]);
    if (typeof result === 'number') return result;
    issues.push({ path: `limits.${field}`, message: result });
    return 1;
  };
  const iterations = read('max_iterations');
  const tokens = read('max_tokens');
  const cost = values.max_cost.trim() === '' ? null : Math.round(read('max_cost') * 1_000_000);
  const seconds = Math.round(parseTypedNumber(values.max_duration) * durationUnits[values.duration_unit]);
  if (Number.isNaN(seconds)) issues.push({ path: 'limits.max_duration', message: 'Time: enter a number.' });
  else if (seconds < 1 || seconds > longestDays * durationUnits.days) issues.push({ path: 'limits.max_duration', message: `Time: more than 0 and at most ${longestDays} days.` });
  return { limits: { max_iterations: iterations, max_tokens: tokens, max_cost_micro_usd: cost, max_duration_seconds: seconds }, issues };
};

/** The field of a form that an issue of the api about limits belongs to: `limits.max_cost_micro_usd` → `limits.max_cost`. */
export const toLimitField = (path: string): string =>
  path === 'limits.max_cost_micro_usd' ? 'limits.max_cost' : path === 'limits.max_duration_seconds' ? 'limits.max_duration' : path;

/** Only the limits that differ: a run takes over the rest from its agent. */
export const changedLimits = (limits: RunLimits, base: RunLimits): Partial<RunLimits> =>
  Object.fromEntries(Object.entries(limits).filter(([name, value]) => base[name as keyof RunLimits] !== value));
