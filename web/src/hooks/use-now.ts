import { useSyncExternalStore } from 'react';

interface Ticker {
  now: number;
  listeners: Set<() => void>;
  timer?: ReturnType<typeof setInterval>;
}
const tickers = new Map<number, Ticker>();

const tickerOf = (intervalMs: number): Ticker => {
  let ticker = tickers.get(intervalMs);
  if (ticker === undefined) {
    ticker = { now: Date.now(), listeners: new Set() };
    tickers.set(intervalMs, ticker);
  }
  return ticker;
};

/** The time, renewed every `intervalMs`; all components with the same interval share one timer. */
export const useNow = (intervalMs = 1000): number =>
  useSyncExternalStore(
    (listener) => {
      const ticker = tickerOf(intervalMs);
      ticker.listeners.add(listener);
      ticker.now = Date.now();
      ticker.timer ??= setInterval(() => {
        ticker.now = Date.now();
        for (const one of ticker.listeners) one();
      }, intervalMs);
      return () => {
        ticker.listeners.delete(listener);
        if (ticker.listeners.size > 0) return;
        clearInterval(ticker.timer);
        delete ticker.timer;
      };
    },
    () => {
      const ticker = tickerOf(intervalMs);
      // Nobody keeps a quiet ticker up to date, so the first reader does.
      if (ticker.timer === undefined && Date.now() - ticker.now > intervalMs) ticker.now = Date.now();
      return ticker.now;
    },
  );
