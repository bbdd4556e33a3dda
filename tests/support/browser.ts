import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

/** Debian's Chromium, headless, with its background chatter off. Where the locale knows no such letters it would save a file of another name than the app gives it. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });

export interface Visitor {
  page: Page;
  /** What the page complained about: uncaught errors and console errors. */
  complaints: string[];
  close(): Promise<void>;
}

/** A person with a browser of their own (cookies and storage apart from others). */
export async function visit(browser: Browser, options: { theme?: 'light' | 'dark'; viewport?: { width: number; height: number } } = {}): Promise<Visitor> {
  const context: BrowserContext = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 }, colorScheme: options.theme ?? 'light', reducedMotion: 'reduce' });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A 401 on the first renewal is how the app learns that nobody is signed in.
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** Signs somebody in by the form, and waits for the page behind it. */
export async function signIn({ url }: { url: string }, { page }: Visitor, email: string, password: string): Promise<void> {
  await page.goto(new URL('/sign-in', url).href);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/maestro');
}

/** Fails with every serious or critical finding of axe on the page as it is now. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`), `axe on ${name}`).toEqual([]);
}
