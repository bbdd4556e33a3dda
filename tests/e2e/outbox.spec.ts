// The outbox as somebody reads it: a real browser on the built app, mails sent by the real tool, under the app's own content policy.
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outbox, startOutbox } from '../../embedded/outbox/outbox.ts';
import type { SendEmailArguments } from '../../engine/tools/send-email/index.ts';
import { newId } from '../../platform/ids.ts';
import { type ApiServer, emailOf, startApiServer, testPassword } from '../support/api-server.ts';
import { expectAccessible, launchBrowser, type Visitor, visit } from '../support/browser.ts';
import { emailContext, emailTool, letter } from '../support/send-email.ts';

let api: ApiServer;
let outbox: Outbox;
let browser: Browser;
let viewer: Visitor;
/** Stands for a tracker: whoever asks it for something has been noticed. */
let tracker: Server;
const asked: string[] = [];
const csv = { id: newId(), name: 'tickets 📊.csv', mediaType: 'text/csv', bytes: Buffer.from('id;subject\n1;Grüße\n') };

const sendMail = (args: Partial<SendEmailArguments>): Promise<unknown> => emailTool({ smtpUrl: outbox.url }).execute({ ...letter, ...args }, emailContext({ idempotencyKey: newId() }, [csv]));

beforeAll(async () => {
  [api, browser] = await Promise.all([startApiServer({ webDir: process.env['MAESTRO_WEB_DIR'] ?? fileURLToPath(new URL('../../dist/web', import.meta.url)) }), launchBrowser()]);
  outbox = await startOutbox({ db: api.database.db, port: 0 });
  tracker = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => { tracker.listen(0, '127.0.0.1', resolve); });
  viewer = await visit(browser);
  await signIn(viewer);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  tracker?.closeAllConnections();
  tracker?.close();
  await outbox?.stop();
  await api?.close();
});

const at = (path: string): string => new URL(path, api.baseUrl).href;

async function signIn({ page }: Visitor): Promise<void> {
  await page.goto(at('/sign-in'));
  await page.getByLabel('E-mail').fill(emailOf('viewer'));
  await page.getByLabel('Password', { exact: true }).fill(testPassword);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/maestro');
}

describe('the outbox', () => {
  test('says that nothing has been delivered, and shows a mail the moment it arrives', async () => {
    const { page } = viewer;
    await page.goto(at('/integrations?tab=outbox'));
    await page.getByText('No e-mail has been delivered here yet.').waitFor();
    await expectAccessible(page, 'an empty outbox');
    await sendMail({ subject: 'The first', bcc: ['audit@example.com'] });
    await page.getByRole('heading', { name: 'The first' }).waitFor();
    await page.getByText('audit@example.com', { exact: true }).first().waitFor();
    await page.getByText('There were 47.').waitFor();
  });

  test('what is being read stays when another arrives', async () => {
    const { page } = viewer;
    await sendMail({ subject: 'The second' });
    await page.getByRole('button', { name: /The second/ }).waitFor();
    await page.getByRole('heading', { name: 'The first' }).waitFor();
  });

  test('HTML is drawn inert: no script runs, nothing is fetched, nothing leaves the frame', async () => {
    const { page } = viewer;
    const base = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}`;
    await sendMail({
      subject: 'Hostile',
      html: `<h1 onclick="top.location='${base}/click'">Numbers of today</h1><script>top.document.title='taken';fetch('${base}/script')</script><img src="${base}/pixel.gif" onerror="fetch('${base}/onerror')" alt="chart">`
        + `<style>@import url(${base}/style.css);body{background:url(${base}/bg.png)}</style><link rel="stylesheet" href="${base}/link.css"><iframe src="${base}/frame"></iframe><form action="${base}/form"><button>Sign in</button></form>`
        + `<meta http-equiv="refresh" content="0;url=${base}/refresh"><base href="${base}/"><a href="${base}/link" target="_top">Our page</a><svg><image href="${base}/svg.png"/></svg><video poster="${base}/poster.png"></video>`,
    });
    await page.getByRole('button', { name: /Hostile/ }).click();
    await page.getByRole('tab', { name: 'HTML', exact: true }).click();
    const frame = page.frameLocator('iframe[title="HTML of the e-mail"]');
    await frame.getByText('Numbers of today').waitFor();
    await frame.getByText('Numbers of today').click();
    await frame.getByText('Our page').click();
    await page.getByText(/Nothing is fetched/).waitFor();
    expect(await page.locator('iframe[title="HTML of the e-mail"]').getAttribute('sandbox')).toBe('');
    expect(page.url()).toContain('/integrations?tab=outbox');
    expect(await page.title()).not.toBe('taken');
    await page.getByRole('tab', { name: 'Source of the HTML' }).click();
    await page.getByText(/<script>top\.document\.title/).waitFor();
    await expectAccessible(page, 'the HTML of an e-mail');
    expect(asked).toEqual([]);
  });

  test('an attachment is saved under its name, byte for byte', async () => {
    const { page } = viewer;
    await sendMail({ subject: 'With a file', attachments: [{ file: csv.id }] });
    await page.getByRole('button', { name: /With a file/ }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: `Download ${csv.name}` }).click()]);
    expect(download.suggestedFilename()).toBe(csv.name);
    expect(await readFile(await download.path())).toEqual(csv.bytes);
    await expectAccessible(page, 'an e-mail with a file');
  });

  test('on a phone the list comes first, the mail fills the page, by keyboard too, and nothing scrolls sideways', async () => {
    await sendMail({ subject: `Long ${'x'.repeat(200)}`, text: `A line of one word: ${'y'.repeat(2_000)}`, html: `<table width="2000"><tr><td>${'z'.repeat(3_000)}</td></tr></table>`, attachments: [{ file: csv.id, name: `${'name'.repeat(40)}.csv` }] });
    const phone = await visit(browser, { viewport: { width: 390, height: 844 } });
    const { page } = phone;
    await signIn(phone);
    await page.goto(at('/integrations?tab=outbox'));
    const row = page.getByRole('button', { name: /^Long/ });
    await row.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Long/ }).waitFor();
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('H2');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    // Before the HTML is drawn: in its frame no script may run, and axe would wait for one for ever.
    await expectAccessible(page, 'an e-mail on a phone');
    await page.getByRole('tab', { name: 'HTML', exact: true }).click();
    await page.frameLocator('iframe[title="HTML of the e-mail"]').getByText('zzz').waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'All e-mails' }).click();
    await row.waitFor();
    expect(phone.complaints).toEqual([]);
    await phone.close();
  });

  test('an attachment that is gone is said to be, and the page stays', async () => {
    const { page } = viewer;
    await page.getByRole('heading', { name: 'With a file' }).waitFor();
    await api.database.db.deleteFrom('outbox_attachments').execute();
    await page.getByRole('button', { name: `Download ${csv.name}` }).click();
    await page.getByText(`${csv.name} could not be downloaded`).waitFor();
    await page.getByText('There is no such file.').waitFor();
  });
});
