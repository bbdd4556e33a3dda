import type { NoticePreferences } from '../../contracts/notices.ts';

const hourMs = 3_600_000;

/** When a message may leave: now, or when the quiet hours (UTC, over midnight where `from` is the later one) end. The same hour twice means none. */
export function afterQuietHours(quietHours: NoticePreferences['quiet_hours'], now: Date): Date {
  if (quietHours === null || quietHours.from === quietHours.to) return now;
  const length = (quietHours.to - quietHours.from + 24) % 24;
  const passed = (now.getUTCHours() - quietHours.from + 24) % 24;
  if (passed >= length) return now;
  return new Date(Math.floor(now.getTime() / hourMs) * hourMs + (length - passed) * hourMs);
}
