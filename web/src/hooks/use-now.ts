import { useSyncExternalStore } from 'react';

interface Ticker {
  subscribe: (listener: () => void) => () => void;
  read: () => number;
}
const tickers = new Map<number, Ticker>();

const createTicker = (intervalMs: number): Ticker => {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const tick = (): void => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, intervalMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read() {
      // Nobody keeps a quiet ticker up to date, so the first reader does.
      if (timer === undefined && Date.now() - now > intervalMs) now = Date.now();
      return now;
    },
  };
};

// One for each interval and never a new one: another `subscribe` on each render would be subscribed anew on each render.
const tickerOf = (intervalMs: number): Ticker => {
  const known = tickers.get(intervalMs);
  if (known !== undefined) return known;
  const ticker = createTicker(intervalMs);
  tickers.set(intervalMs, ticker);
  return ticker;
};

/** The time, renewed every `intervalMs`; all components with the same interval share one timer. */
export const useNow = (intervalMs = 1000): number => {
  const { subscribe, read } = tickerOf(intervalMs);
  return useSyncExternalStore(subscribe, read);
};
