import type { timeRanges } from '@contracts/system.ts';

export type Range = (typeof timeRanges)[number];

export const rangeWords: Record<Range, string> = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' };
const hour = 3_600_000;
const rangeMs: Record<Range, number> = { '1h': hour, '24h': 24 * hour, '7d': 7 * 24 * hour, '30d': 30 * 24 * hour };

/** The start of a range that ends now, on the minute: a start that moves each millisecond would be a new question each time. */
export const startOf = (range: Range, now: number): string => new Date(Math.floor((now - rangeMs[range]) / 60_000) * 60_000).toISOString();
