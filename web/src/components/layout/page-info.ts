import { useSyncExternalStore } from 'react';

export interface Crumb {
  label: string;
  /** Absent on the last one: where you are. */
  to?: string;
}

let crumbs: Crumb[] = [];
const listeners = new Set<() => void>();

/** Sets the breadcrumbs of the top bar; called by PageHeader. */
export const setCrumbs = (next: Crumb[]): void => {
  if (JSON.stringify(next) === JSON.stringify(crumbs)) return;
  crumbs = next;
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useCrumbs = (): Crumb[] => useSyncExternalStore(subscribe, () => crumbs);
