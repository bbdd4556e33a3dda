const hourMs = 3_600_000;
/** Ranges one press away, each until now. */
export const rangePresets = [
  { label: 'Last hour', ms: hourMs },
  { label: '24 hours', ms: 24 * hourMs },
  { label: '7 days', ms: 7 * 24 * hourMs },
  { label: '30 days', ms: 30 * 24 * hourMs },
] as const;

/** A time range; an open end reaches as far as there is anything. */
export interface Range {
  from: string | undefined;
  to: string | undefined;
}

/** Whether the range ends before it begins. */
export const isBackwards = ({ from, to }: Range): boolean => from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to);
