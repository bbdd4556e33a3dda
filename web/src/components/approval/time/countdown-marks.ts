/** What is said aloud of a countdown: at five minutes, at one minute, at the end. Never each second. */
export type CountdownMark = 'five_minutes' | 'one_minute' | 'expired';

const minute = 60_000;
/** Lowest first: of several marks passed at once (a tab that slept) only the last matters. */
const marks: readonly { mark: CountdownMark; atMs: number }[] = [
  { mark: 'expired', atMs: 0 },
  { mark: 'one_minute', atMs: minute },
  { mark: 'five_minutes', atMs: 5 * minute },
];

/** The mark passed between two readings of the time left, in milliseconds; undefined when none was. */
export const markPassed = (previousMs: number, leftMs: number): CountdownMark | undefined =>
  marks.find(({ atMs }) => previousMs > atMs && leftMs <= atMs)?.mark;

/** The sentence read out at a mark. */
export const sentenceOfMark = (mark: CountdownMark, toolName: string): string => {
  switch (mark) {
    case 'five_minutes': return `Five minutes left to decide on ${toolName}.`;
    case 'one_minute': return `One minute left to decide on ${toolName}.`;
    case 'expired': return `Time is up for ${toolName}. It counts as rejected and will not be executed.`;
  }
};

/** Whether so little time is left that it is marked; the end included. */
export const isUrgent = (leftMs: number): boolean => leftMs < minute;

/** Share of the time that is left, from 1 to 0. */
export const shareLeft = ({ requestedAt, expiresAt, now }: { requestedAt: string; expiresAt: string; now: number }): number => {
  const whole = Date.parse(expiresAt) - Date.parse(requestedAt);
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (Date.parse(expiresAt) - now) / whole));
};
