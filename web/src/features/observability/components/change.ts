/** How a figure moved against the range before: in words, and which way. */
export interface Change {
  direction: 'up' | 'down' | 'same';
  text: string;
}

const percent = (share: number): string => {
  const value = Math.abs(share) * 100;
  return value >= 10 ? `${Math.round(value)} %` : `${value.toFixed(1)} %`;
};

/** Relative change of an amount; undefined where there is nothing to compare with. */
export const changeOf = (now: number | null, before: number | null): Change | undefined => {
  if (now === null || before === null) return undefined;
  if (now === before) return { direction: 'same', text: 'as before' };
  if (before === 0) return { direction: 'up', text: 'none before' };
  return { direction: now > before ? 'up' : 'down', text: percent((now - before) / before) };
};

/** Change of a share, in percentage points. */
export const changeOfShare = (now: number | null, before: number | null): Change | undefined => {
  if (now === null || before === null) return undefined;
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.05) return { direction: 'same', text: 'as before' };
  return { direction: points > 0 ? 'up' : 'down', text: `${Math.abs(points).toFixed(1)} points` };
};
