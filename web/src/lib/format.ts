/** Shown where a value is unknown; always with a reason beside it or in its title. */
export const unknownMark = '–';

/** Groups digits in threes with a thin no-break space: `12 480`. */
export const formatInteger = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

/** A length of time: `840 ms`, `12.4 s`, `3 m 05 s`, `2 h 07 m`, `3 d 04 h`. Negative counts as 0. */
export const formatDuration = (milliseconds: number): string => {
  const ms = Math.max(0, milliseconds);
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (Math.round(ms / 100) < 600) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
};

/** Time left as a clock: `14:59`, `1:02:03`; 0 or less is `0:00`. */
export const formatCountdown = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

/** Money from millionths of a dollar: 2 decimals from one cent up, 4 significant digits below, `$0.00` for nothing. */
export const formatMoney = (microUsd: number): string => {
  const dollars = microUsd / 1_000_000;
  const amount = Math.abs(dollars);
  const sign = dollars < 0 ? '-' : '';
  if (amount === 0) return '$0.00';
  if (amount < 0.01) {
    // At most four digits after the leading zeros, without trailing zeros: $0.00034.
    const decimals = Math.min(6, 3 - Math.floor(Math.log10(amount)));
    return `${sign}$${amount.toFixed(decimals).replace(/0+$/, '')}`;
  }
  const [whole = '0', cents = '00'] = amount.toFixed(2).split('.');
  return `${sign}$${formatInteger(Number(whole))}.${cents}`;
};

/** A share between 0 and 1 as `93 %`; one decimal between 99 and 100 %, so that 99.6 % is not shown as all. */
export const formatShare = (share: number): string => {
  const percent = share * 100;
  return percent > 99 && percent < 100 ? `${(Math.floor(percent * 10) / 10).toFixed(1)} %` : `${Math.round(percent)} %`;
};

/** Size of a text in bytes: `812 B`, `64 kB`, `1.2 MB`. */
export const formatBytes = (bytes: number): string => {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
};

const relativeUnits = [
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago or ahead: `just now`, `3 minutes ago`, `in 2 hours`; from 30 days on the date. */
export const formatRelativeTime = (at: string | number | Date, now: number = Date.now()): string => {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance >= 30 * 24 * 3600) return formatDate(at);
  if (distance < 5) return 'just now';
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
  for (const [unit, size] of relativeUnits) {
    if (distance >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(Math.trunc(seconds), 'second');
};

/** `24 Nov 2026` in the reader's zone. */
export const formatDate = (at: string | number | Date): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at));

/** `24 Nov 2026, 14:03:07 CET`: the whole time with its zone, for hover, focus and records. */
export const formatAbsoluteTime = (at: string | number | Date, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit',
    timeZoneName: 'short', hourCycle: 'h23', ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(at));

/** `12:03:10`: the time of day in the reader's zone, for what is minutes away. */
export const formatClock = (at: string | number | Date): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(at));

/** `14:02`, the time of day; before today with its day, `24 Nov, 14:02`. */
export const formatTimeOfDay = (at: string | number | Date, now: number = Date.now()): string => {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat('en-GB', { ...(isToday ? {} : { day: 'numeric', month: 'short' }), hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date);
};

/** First eight characters of an id: enough to recognise, the whole one is in the link and the title. */
export const shortId = (id: string): string => id.slice(0, 8);

/** `1 run`, `3 runs`. */
export const countOf = (count: number, singular: string, plural = `${singular}s`): string =>
  `${formatInteger(count)} ${count === 1 ? singular : plural}`;

/** Code points as a reader's words: `rate_limited` → `Rate limited`. */
export const humanize = (identifier: string): string => {
  const words = identifier.toLowerCase().replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
