import { useSyncExternalStore } from 'react';
import { z } from 'zod';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const preferencesSchema = z.object({
  theme: z.enum(themes).catch('system'),
  density: z.enum(['comfortable', 'compact']).catch('comfortable'),
  hasSingleKeys: z.boolean().catch(true),
  hasDesktopNotices: z.boolean().catch(false),
  isSidebarCollapsed: z.boolean().catch(false),
  isChecklistDismissed: z.boolean().catch(false),
  isDemoHidden: z.boolean().catch(false),
  hasSeenPolicies: z.boolean().catch(false),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** Read by public/boot.js too, before the first paint. */
const storageKey = 'maestro.preferences';

const load = (): Preferences => {
  try {
    return preferencesSchema.parse(JSON.parse(localStorage.getItem(storageKey) ?? '{}'));
  } catch {
    return preferencesSchema.parse({});
  }
};

let current: Preferences | undefined;
const listeners = new Set<() => void>();

const read = (): Preferences => (current ??= load());

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const announce = (): void => {
  applyTheme();
  for (const listener of listeners) listener();
};

/** What the person at this browser prefers, live; the same in all its tabs. */
export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, read);

/** Changes some preferences and keeps them in this browser. */
export const setPreferences = (changes: Partial<Preferences>): void => {
  current = { ...read(), ...changes };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Storage may be full or blocked; the preference then lasts as long as the tab.
  }
  announce();
};

const darkQuery = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

/** Draws the page in the preferred theme. */
export const applyTheme = (): void => {
  const { theme } = read();
  const isDark = theme === 'dark' || (theme === 'system' && darkQuery().matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
};

/** Follows the system's theme and changes made in other tabs. Called once at start. */
export const watchPreferences = (): void => {
  darkQuery().addEventListener('change', announce);
  addEventListener('storage', (event) => {
    if (event.key !== storageKey) return;
    current = undefined;
    announce();
  });
};
