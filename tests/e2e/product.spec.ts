// The product as its user meets it: `npm start` on an empty data dir, a browser, nothing replaced.
import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { freePort, type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let admin: Visitor;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  admin = await visit(browser);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await product?.remove();
});

const at = (path: string): string => new URL(path, product.url).href;
const password = 'a password for this test';

describe('the first visit', () => {
  test('the printed link signs in once and shows the demo', async () => {
    await admin.page.goto(product.signInLink);
    await admin.page.waitForURL('**/maestro');
    await admin.page.getByText('Support Ticket Analyzer').first().waitFor();
    await admin.page.getByText('Scripted model, no key needed').waitFor();
    const second = await visit(browser);
    await second.page.goto(product.signInLink);
    await second.page.getByRole('alert').filter({ hasText: 'This link has been used' }).waitFor();
    await second.close();
  });

  test('a wrong password is answered without saying which part was wrong, and read out', async () => {
    const stranger = await visit(browser);
    await stranger.page.goto(at('/sign-in?returnTo=https://evil.example/'));
    await stranger.page.getByLabel('E-mail').fill(product.adminEmail);
    await stranger.page.getByLabel('Password', { exact: true }).fill('not the password');
    await stranger.page.keyboard.press('Enter');
    await stranger.page.getByRole('alert').filter({ hasText: 'E-mail or password is wrong' }).waitFor();
    await expectAccessible(stranger.page, 'sign-in with an error');
    await stranger.page.getByLabel('Password', { exact: true }).fill(product.adminPassword);
    await stranger.page.keyboard.press('Enter');
    await stranger.page.waitForURL(at('/maestro'));
    await stranger.close();
  });
});

describe('the seed scenario', () => {
  let approver: Visitor;
  let runUrl: string;

  test('an approver is added in the settings and signs in on another browser', async () => {
    await admin.page.goto(at('/settings'));
    await admin.page.getByRole('button', { name: 'Add person' }).first().click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByLabel(/Name/).fill('Ana Approver');
    await dialog.getByLabel(/E-mail/).fill('ana@example.com');
    await dialog.getByLabel(/password/i).first().fill(password);
    await dialog.getByLabel(/Role/).selectOption('approver');
    await dialog.getByRole('button', { name: /^Add/ }).click();
    await dialog.waitFor({ state: 'detached' });
    approver = await visit(browser, { viewport: { width: 390, height: 844 } });
    await signIn(product, approver, 'ana@example.com', password);
  });

  test('one click runs the demo; it stops at the e-mail, and the approver hears of it on the page they are on', async () => {
    await admin.page.goto(at('/maestro'));
    await approver.page.goto(at('/observability'));
    await admin.page.getByRole('button', { name: 'Run the demo' }).click();
    await admin.page.waitForURL('**/maestro/runs/*');
    runUrl = admin.page.url().split('?')[0] as string;
    await approver.page.getByText(/Approval needed: send_email/).first().waitFor({ timeout: 120_000 });
    await admin.page.getByText('Waiting for approval').first().waitFor();
    await admin.page.getByText('Send an e-mail to support-lead@example.com').first().waitFor();
    await expectAccessible(admin.page, 'a run that waits');
  });

  test('the approver sees the exact e-mail on a phone and approves it', async () => {
    await approver.page.getByRole('link', { name: 'Review' }).or(approver.page.getByRole('button', { name: 'Review' })).first().click();
    await approver.page.waitForURL('**/hitl/*');
    await approver.page.getByText('47 support tickets came in today').first().waitFor();
    expect(await approver.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await expectAccessible(approver.page, 'an approval on a phone');
    await approver.page.getByRole('button', { name: /^Approve/ }).first().click();
    await approver.page.getByRole('alertdialog').getByRole('button', { name: /^Approve/ }).click();
    await approver.page.getByText(/approved/i).first().waitFor();
  });

  test('the run completes before the eyes of who watches it, with three iterations and the decision', async () => {
    await admin.page.getByText('Completed').first().waitFor({ timeout: 60_000 });
    await admin.page.getByText('3 of 10').first().waitFor();
    await admin.page.getByText(/I analysed 47 support tickets/).first().waitFor();
    await admin.page.getByText('Ana Approver').first().waitFor();
    const tree = admin.page.getByRole('treegrid');
    for (const label of ['Iteration 1', 'Iteration 2', 'Iteration 3', 'run_sql', 'execute_python', 'send_email']) await tree.getByText(label).first().waitFor();
  });

  test('the e-mail is readable in the outbox', async () => {
    await admin.page.goto(at('/integrations'));
    await admin.page.getByRole('tab', { name: /Outbox/ }).click();
    await admin.page.getByText('Support tickets today: 47').first().waitFor();
  });

  test('a reload restores the page, Back returns', async () => {
    await admin.page.goto(runUrl);
    await admin.page.getByRole('treegrid').getByRole('row').filter({ hasText: 'finished in' }).first().click();
    await admin.page.waitForURL(/step=/);
    await admin.page.reload();
    await admin.page.getByRole('tab', { name: 'Output' }).waitFor();
    await admin.page.goBack();
    await admin.page.waitForURL((url) => !url.search.includes('step='));
    await approver.close();
  });
});

describe('an own agent', () => {
  test('is created by the form and opened', async () => {
    const { page } = admin;
    await page.goto(at('/agents?create=true'));
    const form = page.getByRole('dialog');
    await form.getByRole('button', { name: 'Create agent' }).click();
    await form.getByRole('alert').first().waitFor();
    await expectAccessible(page, 'the agent form with errors');
    await form.getByLabel(/^Name/).fill('My analyst');
    await form.getByLabel(/^Purpose/).fill('Looks at tickets.');
    await page.reload();
    expect(await page.getByRole('dialog').getByLabel(/^Name/).inputValue()).toBe('My analyst');
    await form.getByRole('radio', { name: /Scripted/i }).click();
    await form.getByLabel(/^Model/).selectOption('support-ticket-analyzer');
    await form.getByRole('checkbox', { name: /run_sql/ }).click();
    await form.getByRole('button', { name: 'Create agent' }).click();
    await page.waitForURL('**/maestro/agents/*');
    await page.getByText('Agent created successfully').first().waitFor();
  });
});

describe('every page', () => {
  const pages = ['/maestro', '/agents', '/maestro/runs', '/hitl', '/hitl?tab=history', '/observability?demo=true', '/governance', '/governance?tab=audit', '/integrations', '/settings', '/no-such-page'];
  test.each(['light', 'dark'] as const)('is accessible and quiet in the %s theme', async (theme) => {
    const visitor = await visit(browser, { theme });
    await signIn(product, visitor, product.adminEmail, product.adminPassword);
    const agents = await visitor.page.goto(at('/agents'));
    expect(agents?.status()).toBe(200);
    for (const path of pages) {
      await visitor.page.goto(at(path));
      await visitor.page.getByRole('heading', { level: 1 }).waitFor();
      await until('the page to have its data', async () => (await visitor.page.locator('[aria-busy="true"]').count()) === 0);
      await expectAccessible(visitor.page, `${path} (${theme})`);
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  test.each(['/maestro', '/agents', '/maestro/runs', '/hitl', '/governance', '/integrations', '/observability', '/settings'])('%s does not scroll sideways on a phone', async (path) => {
    const visitor = await visit(browser, { viewport: { width: 390, height: 844 } });
    await signIn(product, visitor, product.adminEmail, product.adminPassword);
    await visitor.page.goto(at(path));
    await visitor.page.getByRole('heading', { level: 1 }).waitFor();
    expect(await visitor.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await visitor.close();
  });
});

describe('the life of the installation', () => {
  test('a second start on the same data is refused with one sentence', async () => {
    const second = startProcess('embedded/start.ts', { PORT: String(await freePort()), TEMPORAL_UI_PORT: String(await freePort()), MAESTRO_DATA_DIR: product.dataDir });
    expect(await second.exited).not.toBe(0);
    expect(second.output()).toMatch(/already|in use/i);
    expect(second.output()).not.toMatch(/\n\s+at /);
  });

  test('a busy port is named and nothing is left running', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const refused = startProcess('embedded/start.ts', { PORT: String(port), TEMPORAL_UI_PORT: String(await freePort()), MAESTRO_DATA_DIR: `${product.dataDir}-busy` });
    expect(await refused.exited).not.toBe(0);
    expect(refused.output()).toContain(String(port));
    expect(refused.output()).not.toMatch(/\n\s+at /);
    taken.close();
  });

  test('Ctrl-C stops it; after the next start a waiting run still waits and can be approved', async () => {
    await admin.page.goto(at('/maestro'));
    await admin.page.goto(at('/agents'));
    await admin.page.getByRole('row', { name: /Support Ticket Analyzer/ }).getByRole('button', { name: /Run/ }).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByLabel(/Goal/).fill("Analyse today's support tickets.");
    await admin.page.keyboard.press('Control+Enter');
    await admin.page.waitForURL('**/maestro/runs/*');
    const runUrl = admin.page.url();
    await admin.page.getByText('Waiting for approval').first().waitFor({ timeout: 120_000 });
    expect(await product.stop()).toBe(0);
    const port = Number(new URL(product.url).port);
    product = await startProduct({ dataDir: product.dataDir, port });
    await admin.page.goto(product.signInLink);
    await admin.page.goto(runUrl);
    await admin.page.getByRole('button', { name: /^Approve/ }).first().click();
    await admin.page.getByRole('alertdialog').getByRole('button', { name: /^Approve/ }).click();
    await admin.page.getByText('Completed').first().waitFor({ timeout: 60_000 });
  });
});
