// A recorded call tried again: what it takes over, and what becomes of it today. A real browser on the real product; only the model is the test's.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, signInAs } from '../support/api.ts';
import { aboutSubject, publishAsking } from '../support/asking-policies.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { type CallingModel, startCallingModel } from '../support/calling-model.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let model: CallingModel;
let person: Person;
let clerk: string;
let viewer: Visitor;
let phone: Visitor;

const password = 'a password for trying';
const at = (path: string): string => new URL(path, product.url).href;
const mail = (subject: string) => ({ to: ['ana@example.com'], subject, text: `About <b>${subject}</b>\nand more.` });

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  model = await startCallingModel(person);
  clerk = await model.createAgent('Support clerk', ['send_email', 'http_request']);
  await model.ask(clerk, 'send_email', mail('hello'));
  await model.ask(await model.createAgent('Night clerk', ['send_email']), 'send_email', mail('night'));
  const gone = await model.createAgent('Gone clerk', ['send_email']);
  const last = await model.ask(gone, 'send_email', mail('gone'));
  await person.reject(last, 'Not this one.');
  await person.ended(last.run_id);
  await person.api.call('deleteAgent', { params: { id: gone } });
  await publishAsking(person, { name: 'Paid mail', tool: 'send_email', terms: { approvers: 'role:admin', expires: '4h' }, when: aboutSubject('invoice') });
  await person.api.call('createUser', { body: { email: 'vera@example.com', name: 'Vera', role: 'viewer', password } });
  [viewer, phone] = await Promise.all([visit(browser), visit(browser, { theme: 'dark', viewport: { width: 390, height: 844 } })]);
  await Promise.all([viewer, phone].map((visitor) => signIn(product, visitor, 'vera@example.com', password)));
}, 400_000);
afterAll(async () => {
  const complaints = [viewer, phone].flatMap((visitor) => visitor?.complaints ?? []);
  await browser?.close();
  await model?.close();
  await product?.remove();
  // The agent that was deleted is not there.
  expect(complaints.filter((complaint) => !complaint.includes('404 (Not Found)'))).toEqual([]);
});

test('a past call brings its agent, tool and arguments, and is judged as policies are now', async () => {
  const { page } = viewer;
  const dialog = page.getByRole('dialog');
  await page.goto(at('/governance?tab=try'));
  await page.getByRole('button', { name: 'Pick a past call' }).click();
  await dialog.getByLabel('Tool').selectOption('http_request');
  await dialog.getByText('No call of http_request was judged yet.').waitFor();
  await dialog.getByRole('button', { name: 'Show all calls' }).click();
  await expect.poll(() => dialog.getByRole('listitem').count()).toBe(3);
  await expectAccessible(page, 'past calls');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Pick a past call');

  await page.keyboard.press('Enter');
  await dialog.getByRole('listitem').filter({ hasText: 'Support clerk' }).getByRole('button').focus();
  await page.keyboard.press('Enter');
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await verdict.getByText('Near misses').waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('SECTION');
  expect(new URL(page.url()).searchParams.get('agent')).toBe(clerk);
  expect(await page.getByLabel('Tool', { exact: true }).inputValue()).toBe('send_email');
  expect(await page.getByLabel('To (required)').inputValue()).toBe('ana@example.com');
  expect(await page.getByLabel(/^Text/).inputValue()).toBe(mail('hello').text);
  expect(await verdict.textContent()).toMatch(/Ask.*HIGH.*Policies that decided.*HIGH asks.*Near misses.*Paid mail.*The approval it would ask for/s);
  await expectAccessible(page, 'a past call, judged');

  await page.getByLabel(/^Subject/).fill('an invoice');
  await verdict.getByText('Not judged as it stands.').waitFor();
  await page.getByRole('button', { name: 'Judge this call' }).click();
  await verdict.getByRole('link', { name: 'Paid mail (version 1)' }).waitFor();
  await verdict.getByText(/^1 of .*admin.* \(Paid mail\)$/).waitFor();
  expect(await verdict.getByText('Near misses').count()).toBe(0);
});

test('JSON that is none is said by line and column; arguments no tool would take are said once, without policies', async () => {
  const { page } = viewer;
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await page.getByRole('button', { name: 'Write as JSON' }).click();
  const json = page.getByLabel('Arguments as JSON');
  expect(JSON.parse(await json.inputValue())).toEqual({ ...mail('hello'), subject: 'an invoice' });
  await json.fill('{"to": ["ana@example.com"],\n "subject": }');
  await page.getByRole('button', { name: 'Judge this call' }).click();
  await page.getByText('Line 2, column 13: expected a value.').waitFor();
  expect(await page.evaluate('document.activeElement.name')).toBe('json');
  await page.getByRole('button', { name: 'Show as form' }).click();
  // What is typed stays as it is.
  expect(await json.inputValue()).toContain('"subject": }');
  await json.fill('{"to": 5, "<img>": null}');
  await page.getByRole('button', { name: 'Judge this call' }).click();
  await verdict.getByText(/The call could not be made at all/).waitFor();
  expect(await verdict.getByText(/do not fit the tool's schema/).count()).toBe(1);
  expect(await verdict.getByText('Policies that decided').count()).toBe(0);
  await expectAccessible(page, 'a call that cannot be made');
});

test('a call of another agent is found from an agent that is chosen; one of an agent that was deleted is judged as another', async () => {
  const { page } = viewer;
  const dialog = page.getByRole('dialog');
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await page.getByRole('button', { name: 'Pick a past call' }).click();
  await expect.poll(() => dialog.getByRole('listitem').count()).toBe(1);
  await dialog.getByLabel('Agent').selectOption({ label: 'All agents' });
  await dialog.getByRole('listitem').filter({ hasText: 'Night clerk' }).getByRole('button').click();
  await expect.poll(() => page.getByLabel(/^Subject/).inputValue()).toBe('night');
  await verdict.getByText('Policies that decided').waitFor();

  await page.getByRole('button', { name: 'Pick a past call' }).click();
  await dialog.getByLabel('Agent').selectOption({ label: 'All agents' });
  await dialog.getByRole('listitem').filter({ hasText: 'Gone clerk' }).getByRole('button').click();
  await verdict.getByText('This agent was deleted: choose another one to judge the call as.').waitFor();
  expect(await page.getByLabel(/^Subject/).inputValue()).toBe('gone');
  await page.getByRole('button', { name: 'Judge this call' }).click();
  expect(await page.evaluate('document.activeElement.name')).toBe('agent');
  await expectAccessible(page, 'a call of an agent that was deleted');
  await page.getByLabel('Agent', { exact: true }).selectOption({ label: 'Support clerk' });
  await page.getByRole('button', { name: 'Judge this call' }).click();
  await verdict.getByText('Policies that decided').waitFor();
  expect(await page.getByLabel(/^Subject/).inputValue()).toBe('gone');
});

test('on a phone each call says whose it is, and the page goes to the verdict', async () => {
  const { page } = phone;
  await page.goto(at('/governance?tab=try'));
  await page.getByRole('button', { name: 'Pick a past call' }).click();
  const call = page.getByRole('dialog').getByRole('listitem').filter({ hasText: 'Support clerk' });
  const name = call.getByText('Support clerk', { exact: true });
  await name.waitFor();
  expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  expect((await call.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await expectAccessible(page, 'past calls on a phone');
  await call.getByRole('button').click();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await verdict.getByText('Policies that decided').waitFor();
  await expect.poll(async () => (await verdict.getByRole('heading', { name: 'Verdict' }).boundingBox())?.y ?? 844).toBeLessThan(700);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});
