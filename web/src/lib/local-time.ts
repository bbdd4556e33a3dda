const two = (value: number): string => String(value).padStart(2, '0');

/** A moment as a field of date and time takes it, in the reader's zone: `2026-11-24T14:00`. */
export const toLocalInput = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;

/** The moment somebody typed in their own zone; undefined for what is no date. */
export const fromLocalInput = (text: string): string | undefined => {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
};
