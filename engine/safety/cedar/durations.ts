const units = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** `90s`, `30m`, `4h`, `2d`, `1h 30m` → seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^(\d{1,9}\s*[dhms]\s*)+$/.test(trimmed)) return undefined;
  const seconds = [...trimmed.matchAll(/(\d+)\s*([dhms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

/** Seconds as {@link parseDuration} reads them, in the largest unit that needs no other: 5400 → `90m`. */
export function formatDuration(seconds: number): string {
  const [unit, size] = Object.entries(units).find(([, inUnit]) => seconds > 0 && seconds % inUnit === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}
