// What the editor of policies offers while somebody writes: a real browser on the real product, with its content security policy.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, signInAs } from '../support/api.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { editorOf, openDraft, textIn } from '../support/policy-pages.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let admin: Visitor;
let phone: Visitor;
let person: Person;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  [admin, phone] = await Promise.all([visit(browser), visit(browser, { theme: 'dark', viewport: { width: 390, height: 844 } })]);
  await signIn(product, admin, product.adminEmail, product.adminPassword);
  await signIn(product, phone, product.adminEmail, product.adminPassword);
}, 400_000);
afterAll(async () => {
  const complaints = [admin, phone].flatMap((visitor) => visitor?.complaints ?? []);
  await browser?.close();
  await product?.remove();
  // A popup that brought inline styles would be heard here.
  expect(complaints).toEqual([]);
});

const listOf = (page: Page) => page.getByRole('listbox', { name: 'Completions' });
const optionOf = (page: Page, name: RegExp) => listOf(page).getByRole('option', { name });

/** Takes the selected option. In the first 75 ms by the page's clock the list takes no key, so that it does not catch one meant for the text. */
async function take(page: Page, key: 'Enter' | 'Tab'): Promise<void> {
  const seenAt = await page.evaluate(() => performance.now());
  await page.waitForFunction((at) => performance.now() - at > 75, seenAt);
  await page.keyboard.press(key);
  await listOf(page).waitFor({ state: 'detached' });
}

/** Puts the pointer on the fact read from `context`, which has no element of its own; all letters are equally wide. */
async function pointAtFact(page: Page): Promise<void> {
  const box = await editorOf(page).getByText('context', { exact: true }).boundingBox();
  if (box === null) throw new Error('The word context is not seen.');
  await page.mouse.move(box.x + (box.width / 'context'.length) * 'context.wee'.length, box.y + box.height / 2);
}

/** A stored draft of this text, opened, with the cursor at its end. */
async function openAtEnd(page: Page, name: string, cedar: string): Promise<void> {
  await openDraft(person, page, { name, cedar });
  await editorOf(page).click();
  await page.keyboard.press('Control+End');
}

test('a policy is written from what is offered, with types and meanings, and is valid', async () => {
  const { page } = admin;
  await openAtEnd(page, 'From offers', '// Mail.');
  await page.keyboard.type('\nfor');
  await optionOf(page, /^forbid/).waitFor();
  await take(page, 'Enter');
  await page.keyboard.type('context.outside_r');
  const fact = optionOf(page, /^outside_recipient_count/);
  await fact.waitFor();
  expect(await fact.textContent()).toMatch(/whole number · send_email · ask with “has” first.*Recipients outside the company's own domains\./s);
  await expectAccessible(page, 'an open list of completions');
  await take(page, 'Tab');
  await page.keyboard.type(' > 0 && resource == ');
  await optionOf(page, /^Tool::"…"/).waitFor();
  await page.keyboard.type('send');
  await optionOf(page, /^Tool::"send_email"/).waitFor();
  await take(page, 'Enter');
  await page.getByRole('status').getByText(/^Valid/).waitFor();
  expect(await textIn(page)).toBe('// Mail.\nforbid (principal, action, resource)\nwhen { context has outside_recipient_count && context.outside_recipient_count > 0 && resource == Tool::"send_email" };');
});

test('agents are found by their name and written by their id; comments offer nothing', async () => {
  const { page } = admin;
  const agent = (await person.api.call('listAgents')).items.find(({ is_demo: isDemo }) => isDemo);
  await openAtEnd(page, 'By name', '// context');
  await page.keyboard.type('.r');
  await page.keyboard.press('Control+Space');
  await page.keyboard.type('\npermit (principal == ');
  await optionOf(page, /^Agent::"…"/).waitFor();
  await page.keyboard.type(agent?.name.slice(0, 7) ?? '');
  await optionOf(page, new RegExp(agent?.name ?? '')).waitFor();
  await take(page, 'Enter');
  await expect.poll(() => textIn(page)).toBe(`// context.r\npermit (principal == Agent::"${agent?.id}"`);
});

test('Escape closes the list first; then Escape and Tab leave; the list opens by keyboard as well', async () => {
  const { page } = admin;
  await openAtEnd(page, 'Left by keyboard', 'permit (principal, action, resource)\nwhen { context.hour > 3 };');
  const isInEditor = () => page.locator('[data-slot="cedar-editor"]:focus-within').isVisible();
  await page.keyboard.type('\n@');
  await optionOf(page, /^@reason/).waitFor();
  await page.keyboard.press('Escape');
  await listOf(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Space');
  await optionOf(page, /^@approvers/).waitFor();
  await page.keyboard.press('Escape');
  await listOf(page).waitFor({ state: 'detached' });
  // It only closed the list: Tab is still the editor's.
  await page.keyboard.press('Tab');
  expect(await isInEditor()).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await isInEditor()).toBe(false);
});

test('a busy machine loses nothing of what is typed fast', async () => {
  const { page } = admin;
  const throttle = await page.context().newCDPSession(page);
  await openAtEnd(page, 'Typed fast', '// Fast.');
  await throttle.send('Emulation.setCPUThrottlingRate', { rate: 8 });
  const typed = 'the quick brown fox jumps over the lazy dog';
  for (let line = 0; line < 2; line++) await page.keyboard.type(`\n// ${typed}`);
  // The server's answer is about the last of it, so that nothing comes after.
  await page.getByRole('status').getByText(/keeps? it from going live/).waitFor();
  expect(await textIn(page)).toBe(`// Fast.${`\n// ${typed}`.repeat(2)}`);
  await throttle.send('Emulation.setCPUThrottlingRate', { rate: 1 });
});

test('a fact under the pointer says its type and meaning, and Escape puts that away', async () => {
  const { page } = admin;
  await openAtEnd(page, 'Hovered', 'permit (principal, action, resource)\nwhen { context.weekday > 5 };');
  await pointAtFact(page);
  const hover = page.locator('.cm-cedarHover');
  await hover.getByText('Day of the week in UTC, 1 (Monday) to 7 (Sunday).').waitFor();
  expect(await hover.textContent()).toContain('whole number');
  await expectAccessible(page, 'a fact explained');
  await page.keyboard.press('Escape');
  await hover.waitFor({ state: 'detached' });
});

test('on a phone in the dark the list lies within the screen', async () => {
  const { page } = phone;
  await openAtEnd(page, 'On a phone', 'permit (principal, action, resource)\nwhen { true &&');
  await page.keyboard.type(' context.');
  await optionOf(page, /^risk_level/).waitFor();
  const box = await listOf(page).boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 1_000)).toBeLessThanOrEqual(390);
  expect((box?.y ?? 0) + (box?.height ?? 1_000)).toBeLessThanOrEqual(844);
  expect((await optionOf(page, /^risk_level/).boundingBox())?.height).toBeGreaterThanOrEqual(44);
  // Narrowed so far that it does not scroll: of lists that do, axe knows only those of single-line fields to be scrolled by arrow keys.
  await page.keyboard.type('risk_l');
  await expect.poll(() => listOf(page).getByRole('option').count()).toBe(1);
  await expectAccessible(page, 'an open list of completions on a phone in the dark');
  await optionOf(page, /^risk_level/).click();
  await expect.poll(() => textIn(page)).toContain('true && context.risk_level');
});
