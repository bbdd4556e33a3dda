// What a browser that has seen nothing yet must load before a page is there: the real product's own files, packed as they travel.
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoGoal } from '../../embedded/demo-data/demo-agent.ts';
import { type Person, signInAs } from '../support/api.ts';
import { launchBrowser, signIn, visit } from '../support/browser.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let admin: Person;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  admin = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await product?.remove();
});

/** kB, packed with gzip, of each kind of file a phone with an empty cache loads until this text is on the page and nothing more is fetched. */
async function weigh(path: string, text: string): Promise<{ script: number; stylesheet: number; font: number }> {
  const phone = await visit(browser, { viewport: { width: 390, height: 844 } });
  await signIn(product, phone, product.adminEmail, product.adminPassword);
  const page = await phone.page.context().newPage();
  await (await page.context().newCDPSession(page)).send('Network.clearBrowserCache');
  const loads: Promise<[string, number]>[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().startsWith(product.url)) loads.push((async () => [request.resourceType(), gzipSync((await (await request.response())?.body()) ?? '').length / 1000])());
  });
  await page.goto(new URL(path, product.url).href);
  await page.getByText(text).first().waitFor();
  await page.waitForLoadState('networkidle');
  // Parts that come on demand are asked for by what came before: all is there once what came led to nothing more while the page had time.
  for (let seen = -1; seen !== loads.length; ) {
    seen = loads.length;
    await Promise.all(loads);
    await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
  }
  const weights = await Promise.all(loads);
  const sum = (type: string): number => weights.reduce((total, [of, kB]) => total + (of === type ? kB : 0), 0);
  await phone.close();
  return { script: sum('script'), stylesheet: sum('stylesheet'), font: sum('font') };
}

test('the first page', async () => {
  const { script, stylesheet, font } = await weigh('/maestro', 'Support Ticket Analyzer');
  expect(script).toBeGreaterThan(150);
  expect(script).toBeLessThanOrEqual(230);
  expect(stylesheet).toBeGreaterThan(5);
  expect(stylesheet).toBeLessThanOrEqual(25);
  expect(font).toBe(0);
});

test('a request to approve, opened from its notice', async () => {
  const agent = (await admin.api.call('listAgents')).items.find(({ is_demo: isDemo }) => isDemo);
  const { id } = await admin.pendingApproval(await admin.startRun(agent?.id ?? '', demoGoal));
  const { script, stylesheet } = await weigh(`/hitl/${id}`, 'Left to spend');
  expect(script).toBeGreaterThan(200);
  expect(script).toBeLessThanOrEqual(230);
  expect(stylesheet).toBeLessThanOrEqual(25);
});
