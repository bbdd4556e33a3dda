// Models as an admin connects them and an operator watches them speak: a real browser on the real product, only the model is the test's.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, launchBrowser, type Visitor, visit } from '../support/browser.ts';
import { type OpenAiServer, startOpenAiServer } from '../support/openai-server.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let model: OpenAiServer;
let admin: Visitor;
beforeAll(async () => {
  [product, browser, model] = await Promise.all([startProduct(), launchBrowser(), startOpenAiServer()]);
  admin = await visit(browser);
  await admin.page.goto(product.signInLink);
  await admin.page.waitForURL('**/maestro');
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await model?.close();
  await product?.remove();
});

const at = (path: string): string => new URL(path, product.url).href;
const key = 'sk-secret-of-the-test-a91f';

describe('a connection', () => {
  test('with a wrong base URL is told what is wrong; mended, it passes, is saved, and its key is nowhere to be seen', async () => {
    const { page } = admin;
    model.answerAll((request) => request.say('ok'));
    await page.goto(at('/integrations?tab=models'));
    await page.getByRole('button', { name: 'Add connection' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel(/^Name/).fill('Test server');
    await sheet.getByLabel('Key', { exact: true }).fill(key);
    await sheet.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
    await sheet.getByLabel('Model for the test').fill('test-model');
    await sheet.getByRole('button', { name: 'Test connection' }).click();
    await sheet.getByText('Likely fix:').waitFor();
    await sheet.getByText(/Connect failed/).waitFor();
    await expectAccessible(page, 'a connection that failed its test');
    await sheet.getByLabel('Base URL').fill(model.baseUrl);
    await sheet.getByRole('button', { name: 'Test connection' }).click();
    await sheet.getByText('The test passed').first().waitFor();
    await sheet.getByRole('button', { name: 'Add connection' }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.getByText('a91f').first().waitFor();
    await expectAccessible(page, 'connections to models');
    expect(await page.content()).not.toContain(key);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(key);
  });
});

describe('a model at work', () => {
  test('thought and answer grow on the page of the run, also after a reload; a broken answer is discarded visibly', async () => {
    const { page } = admin;
    model.answerAll(undefined);
    await page.goto(at('/agents'));
    await page.getByRole('button', { name: 'Create agent' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel(/^Name/).fill('Speaker');
    await form.getByLabel(/^Purpose/).fill('To speak while somebody watches.');
    await form.getByRole('radio', { name: /Test server/ }).check();
    await form.getByLabel(/^Model/).fill('test-model');
    await form.getByRole('button', { name: /Create agent/ }).click();
    await form.waitFor({ state: 'detached' });
    await page.goto(at('/agents'));
    await page.getByRole('row', { name: /Speaker/ }).getByRole('button', { name: /Run/ }).click();
    await page.getByRole('dialog').getByLabel(/Goal/).fill('Say something.');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL('**/maestro/runs/*');

    const first = (await model.next()).startSaying();
    first.think('What would they like to hear?');
    first.write('Once upon a');
    await page.getByText('Once upon a').first().waitFor();
    const other = await visit(browser, { viewport: { width: 390, height: 844 } });
    await other.page.goto(at('/sign-in'));
    await other.page.getByLabel('E-mail').fill(product.adminEmail);
    await other.page.getByLabel('Password', { exact: true }).fill(product.adminPassword);
    await other.page.keyboard.press('Enter');
    await other.page.waitForURL('**/maestro');
    await other.page.goto(page.url());
    await other.page.getByText('Once upon a').first().waitFor();
    first.cut();

    const second = (await model.next()).startSaying();
    second.write('The second attempt');
    await page.goto(`${page.url().split('?')[0]}?view=story`);
    await page.getByText('What attempt 1 had said was discarded').waitFor();
    await page.getByText('The second attempt').first().waitFor();
    second.write(' is whole.');
    await page.getByText('The second attempt is whole.').first().waitFor();
    second.finish();
    await page.getByText('Completed').first().waitFor();
    await other.page.getByText('Completed').first().waitFor();
    expect(other.complaints).toEqual([]);
    await other.close();
  });

  test('the attempts of a turn say what became of each, and show the request as it was sent', async () => {
    const { page } = admin;
    await page.goto(page.url().split('?')[0] as string);
    await page.getByRole('row', { name: /Finish/ }).first().click();
    await page.getByRole('tab', { name: 'Attempts' }).click();
    await page.getByRole('heading', { name: 'Attempt 2' }).waitFor();
    await page.getByText(/Next attempt at/).waitFor();
    await page.getByRole('button', { name: /Show request/ }).last().click();
    const body = await page.getByRole('region', { name: 'Body of the request' }).innerText();
    expect(body).toContain('"model":"test-model"');
    expect(body).not.toContain(key);
    await expectAccessible(page, 'attempts of a turn');
    expect(admin.complaints).toEqual([]);
  });
});
