const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000];

/** After each attempt that failed, how long the next one waits; about a day in all. After the last one nobody tries again. */
const delaysMs = [10 * secondMs, 30 * secondMs, 2 * minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs, 2 * hourMs, 6 * hourMs, 14 * hourMs];
export const maxAttempts = delaysMs.length + 1;

/** How long to wait after so many attempts, in milliseconds; undefined: it is given up. */
export const retryDelayMs = (attempts: number): number | undefined => delaysMs[attempts - 1];
