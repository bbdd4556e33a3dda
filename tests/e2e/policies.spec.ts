// Policies as an admin writes them: a real browser on the real product.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, signInAs } from '../support/api.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { blockEmail, editorOf, isChecked, openDraft, textIn, write } from '../support/policy-pages.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let admin: Visitor;
let person: Person;

const at = (path: string): string => new URL(path, product.url).href;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  admin = await visit(browser);
  await signIn(product, admin, product.adminEmail, product.adminPassword);
}, 400_000);
afterAll(async () => {
  const complaints = admin?.complaints ?? [];
  await browser?.close();
  await product?.remove();
  // The content security policy complains here too: an editor that brought inline styles would be heard.
  expect(complaints).toEqual([]);
});

describe('the list', () => {
  test('says how policies combine and what happens to everything else; a built-in one is read and overridden', async () => {
    const { page } = admin;
    await page.goto(at('/governance'));
    await page.getByText('Policies have no order: a block always wins, then ask, then allow.').waitFor();
    const last = page.getByRole('row').last();
    expect(await last.textContent()).toMatch(/Everything else.*refused.*Block/s);
    await expectAccessible(page, 'the list of policies');
    await page.getByRole('link', { name: 'HIGH asks' }).click();
    await editorOf(page).waitFor();
    expect(await textIn(page)).toContain('context.risk_level == 3');
    await editorOf(page).click();
    await page.keyboard.type('x');
    expect(await textIn(page)).not.toContain('x//');
    await page.getByRole('link', { name: 'Write one that overrides it' }).click();
    await isChecked(page, /^Valid/);
    expect(await page.getByRole('checkbox', { name: /HIGH/ }).isChecked()).toBe(true);
    expect(await textIn(page)).toContain('"HIGH"');
  });

  test('of two hundred draws as many as are looked at, and finds any by its address', async () => {
    const { page } = admin;
    for (let count = 0; count < 200; count++) await person.api.call('createPolicy', { body: { name: `Drill ${count}`, form: { effect: 'ask', tools: ['run_sql'] } } });
    await page.goto(at('/governance?sort=name'));
    await page.getByText(/^Showing 50 of 20\d\./).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThanOrEqual(52);
    await page.getByLabel('Name or scope').fill('drill 187');
    await page.waitForURL(/text=/);
    await page.getByRole('link', { name: 'Drill 187' }).waitFor();
    expect(await page.getByRole('link', { name: /^Drill/ }).count()).toBe(1);
    await page.reload();
    await page.getByRole('link', { name: 'Drill 187' }).waitFor();
    await page.getByLabel('Effect').selectOption('deny');
    await page.getByText('No policy fits.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('Everything else').or(page.getByText(/^Showing 50/)).first().waitFor();
  });
});

describe('form and text', () => {
  test('follow each other both ways, keep what is typed, and say what is wrong by line and column', async () => {
    const { page } = admin;
    await page.goto(at('/governance/policies/new'));
    await page.getByLabel(/^Name/).fill('Few outside');
    await page.getByLabel('Tools', { exact: true }).fill('send_email');
    await page.keyboard.press('Enter');
    await page.getByText('Block', { exact: true }).click();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByText('Condition 1: choose what it is about.').waitFor();
    await page.getByLabel('Fact', { exact: true }).selectOption('outside_recipient_count');
    await page.getByLabel('Comparison').selectOption('at_least');
    await page.getByLabel('Value', { exact: true }).fill('3');
    await isChecked(page, 'Valid');
    expect(await textIn(page)).toMatch(/forbid\([^]*Tool::"send_email"[^]*outside_recipient_count >= 3/);

    await write(page, (await textIn(page)).replace('>= 3', '>= 7'));
    await expect.poll(() => page.getByLabel('Value', { exact: true }).inputValue()).toBe('7');
    await isChecked(page, 'Valid');

    const broken = (await textIn(page)).replace('outside_recipient_count >=', 'outside_recipient_cuont >=');
    await write(page, broken);
    await page.getByRole('button', { name: /^Line \d+, column \d+$/ }).first().waitFor();
    await isChecked(page, /keeps? it from going live/);
    expect(await page.getByRole('button', { name: 'Make live…' }).getAttribute('aria-disabled')).toBe('true');
    await expectAccessible(page, 'a policy with an error');

    await page.getByRole('button', { name: 'Save draft' }).click();
    await page.waitForURL(/policies\/[0-9a-f]{8}-/);
    await page.reload();
    await page.getByRole('button', { name: /^Line \d+, column \d+$/ }).first().waitFor();
    expect((await textIn(page)).trim()).toBe(broken.trim());
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const { revision } = await person.api.call('getPolicy', { params: { id } });
    await expect(person.api.call('publishPolicy', { params: { id }, body: { revision, note: 'Anyway.', reason_without_back_test: 'Anyway.', accepts_warnings: true } })).rejects.toMatchObject({ code: 'POLICY_INVALID' });
    expect((await person.api.call('getPolicy', { params: { id } })).state).toBe('draft');
  });

  test('text the form cannot show freezes it, says why and loses nothing; text it can show thaws it', async () => {
    const { page } = admin;
    await openDraft(person, page, { name: 'Two minds', cedar: blockEmail });
    await isChecked(page, 'Valid');
    expect(await page.getByLabel('Reason', { exact: true }).isEnabled()).toBe(true);
    const both = `${blockEmail}\n\nforbid(principal, action, resource == Tool::"run_sql");`;
    await write(page, both);
    await page.getByText('The form is frozen.').waitFor();
    expect(await page.getByLabel('Reason', { exact: true }).isEnabled()).toBe(false);
    expect(await textIn(page)).toBe(both);
    await expectAccessible(page, 'a frozen form');
    await write(page, blockEmail.replace('No e-mail leaves.', 'Not one.'));
    await page.getByText('The form is frozen.').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByLabel('Reason', { exact: true }).inputValue()).toBe('Not one.');
  });

  test('the editor is left by keyboard: Tab indents, Escape then Tab goes on', async () => {
    const { page } = admin;
    await openDraft(person, page, { name: 'By keyboard', cedar: blockEmail });
    await isChecked(page, 'Valid');
    await editorOf(page).click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Tab');
    expect(await textIn(page)).toBe(`  ${blockEmail}`);
    const isInEditor = () => page.locator('[data-slot="cedar-editor"]:focus-within').isVisible();
    expect(await isInEditor()).toBe(true);
    // Letters are words here, not shortcuts of the app.
    await page.keyboard.type('// c g d\n');
    expect(await isInEditor()).toBe(true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await isInEditor()).toBe(false);
    await page.keyboard.press('Shift+Tab');
    expect(await isInEditor()).toBe(true);
  });

  test('leaving with unsaved words asks; another view of the policy does not', async () => {
    const { page } = admin;
    await openDraft(person, page, { name: 'Not lost', cedar: blockEmail });
    await isChecked(page, 'Valid');
    await page.getByLabel('Reason', { exact: true }).fill('Changed and not saved.');
    await page.getByRole('tab', { name: 'Try a call' }).click();
    await page.getByText('With this text').waitFor();
    await page.getByRole('link', { name: 'Dashboard' }).first().click();
    const question = page.getByRole('alertdialog');
    await question.getByText('Leave without saving?').waitFor();
    await question.getByRole('button', { name: 'Stay' }).click();
    await page.getByRole('tab', { name: 'Form and text' }).click();
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('Changed and not saved.');
    await page.getByRole('link', { name: 'Dashboard' }).first().click();
    await question.getByRole('button', { name: 'Leave and lose it' }).click();
    await page.waitForURL('**/maestro');
  });
});

describe('an agent', () => {
  test('gets tags in its form, which policies then know it by', async () => {
    const { page } = admin;
    const agentId = (await person.api.call('listAgents')).items.find(({ is_demo: isDemo }) => isDemo)?.id ?? '';
    await page.goto(at(`/maestro/agents/${agentId}?edit=true`));
    const form = page.getByRole('dialog');
    await form.getByLabel('Tags', { exact: true }).fill('Not A Tag');
    await page.keyboard.press('Enter');
    await form.getByText(/is no tag/).waitFor();
    await form.getByLabel('Tags', { exact: true }).fill('night-shift');
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Tags' }).getByText('night-shift').waitFor();
    const { issues } = await person.api.call('checkPolicy', { body: { form: { effect: 'deny', tags: ['night-shift'] } } });
    expect(issues.filter(({ message }) => message.includes('night-shift'))).toEqual([]);
  });
});
