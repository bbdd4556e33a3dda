import { type RefObject, startTransition, useEffect, useRef, useState } from 'react';

/**
 * How many rows of a long list to draw: `step` at first, more whenever the end (`endRef`) comes near the screen, so that a list of
 * hundreds opens and sorts as quickly as a short one. Starts anew when `key` changes.
 */
export const useGrowingCount = (total: number, key: string, step = 50): { count: number; endRef: RefObject<HTMLDivElement | null>; grow: () => void } => {
  const [state, setState] = useState({ key, count: step });
  const endRef = useRef<HTMLDivElement>(null);
  if (state.key !== key) setState({ key, count: step });
  const count = state.key === key ? state.count : step;
  const grow = (): void => startTransition(() => setState((before) => ({ ...before, count: before.count + step })));
  const hasMore = count < total;
  useEffect(() => {
    const end = endRef.current;
    if (!hasMore || end === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) startTransition(() => setState((before) => ({ ...before, count: before.count + step })));
      },
      { rootMargin: '800px' },
    );
    observer.observe(end);
    return () => observer.disconnect();
    // Anew after each growth: an end that is still near says so only to a new observer.
  }, [hasMore, count, step]);
  return { count: Math.min(count, total), endRef, grow };
};
