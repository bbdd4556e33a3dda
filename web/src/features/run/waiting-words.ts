import type { Step } from '@contracts/runs.ts';

const secondsUntil = (until: string, now: number): number => Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
const span = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);

/** What a turn waits for and how long yet: "Waiting for capacity, about 20 s". */
export const wordsOfWaiting = ({ reason, until }: NonNullable<Step['waiting']>, now: number): string => {
  const left = secondsUntil(until, now);
  switch (reason) {
    case 'capacity': return left === 0 ? 'Waiting for capacity, any moment now' : `Waiting for capacity, about ${span(left)}`;
    case 'retry': return left === 0 ? 'Trying again now' : `Trying again in ${span(left)}`;
    case 'same_request': return 'Another run is asking the same; waiting for its answer';
  }
};
