import { formatInteger } from '@/lib/format.ts';

/** A large count in few letters: `9 800`, `53 k`, `1.30 M`. */
export const formatCount = (value: number): string => {
  if (value >= 999_500) return `${(value / 1_000_000).toFixed(value < 99_950_000 ? 2 : 0)} M`;
  return value >= 10_000 ? `${Math.round(value / 1000)} k` : formatInteger(value);
};
