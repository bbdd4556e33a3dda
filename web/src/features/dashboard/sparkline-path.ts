/** Points of a small line through `values`, in a box of `width` × `height`; a gap (null) starts a new line. */
export const sparklinePath = (values: readonly (number | null)[], { width, height }: { width: number; height: number }): string => {
  const known = values.filter((value) => value !== null);
  const top = Math.max(...known);
  // One dot, or a line along the bottom, would say nothing.
  if (known.length < 2 || top <= 0) return '';
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const y = (value: number): number => height - (Math.max(0, value) / top) * height;
  const round = (value: number): number => Math.round(value * 100) / 100;
  return values
    .map((value, index) => (value === null ? '' : `${index === 0 || values[index - 1] === null ? 'M' : 'L'}${round(index * step)} ${round(y(value))}${isAlone(values, index) ? 'h0.01' : ''}`))
    .join('');
};

/** A value between two gaps would be a line of no length, which is not drawn. */
const isAlone = (values: readonly (number | null)[], index: number): boolean => (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;

/** One value per hour of the last 24 from buckets that may be missing: null where none was. */
export const toHours = <Bucket extends { at: string }>(series: readonly Bucket[], to: string, read: (bucket: Bucket) => number | null): (number | null)[] => {
  const end = Date.parse(to);
  const hours = Array.from({ length: 24 }, (): number | null => null);
  for (const bucket of series) {
    const hour = 23 - Math.floor((end - Date.parse(bucket.at)) / 3_600_000);
    const value = read(bucket);
    if (hour >= 0 && hour < 24 && value !== null) hours[hour] = (hours[hour] ?? 0) + value;
  }
  return hours;
};
