const two = (value: number): string => String(value).padStart(2, '0');

/** A moment as the browser's date-time field takes it: `2026-11-29T14:03`, in the reader's zone. Nothing for no moment. */
export const toLocalInput = (at: string | undefined): string => {
  if (at === undefined) return '';
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** What a date-time field says, as a moment; undefined when it is empty or half filled in. */
export const fromLocalInput = (text: string): string | undefined => {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};

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
