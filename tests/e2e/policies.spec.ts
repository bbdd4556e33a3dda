// Policies as an admin writes them and everybody else reads them: a real browser on the real product.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, signInAs } from '../support/api.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let admin: Visitor;
let other: Visitor;
let viewer: Visitor;
let phone: Visitor;
let person: Person;
let agentId: string;

const password = 'a password for policies';
const at = (path: string): string => new URL(path, product.url).href;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  await person.api.call('createUser', { body: { email: 'otto@example.com', name: 'Otto Other', role: 'admin', password } });
  await person.api.call('createUser', { body: { email: 'vera@example.com', name: 'Vera Viewer', role: 'viewer', password } });
  agentId = (await person.api.call('listAgents')).items.find(({ is_demo: isDemo }) => isDemo)?.id ?? '';
  [admin, other, viewer, phone] = await Promise.all([visit(browser), visit(browser), visit(browser, { theme: 'dark' }), visit(browser, { theme: 'dark', viewport: { width: 390, height: 844 } })]);
  await signIn(product, admin, product.adminEmail, product.adminPassword);
  await signIn(product, other, 'otto@example.com', password);
  await signIn(product, viewer, 'vera@example.com', password);
  await signIn(product, phone, product.adminEmail, product.adminPassword);
}, 400_000);
afterAll(async () => {
  const complaints = [admin, other, viewer, phone].flatMap((visitor) => visitor?.complaints ?? []);
  await browser?.close();
  await product?.remove();
  // The content security policy complains here too: an editor that brought inline styles would be heard. Of two editors one is refused.
  expect(complaints.filter((complaint) => !complaint.includes('409 (Conflict)'))).toEqual([]);
});

const editorOf = (page: Page) => page.getByRole('textbox', { name: /^Cedar text/ });
const textIn = async (page: Page): Promise<string> => (await editorOf(page).locator('.cm-line').allTextContents()).join('\n');
const isChecked = (page: Page, words: RegExp | string) => page.getByRole('status').getByText(words).waitFor();

/** Replaces the text as a person would: by keyboard. */
async function write(page: Page, text: string): Promise<void> {
  await editorOf(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** A stored draft, opened. */
async function openDraft(page: Page, name: string, cedar: string): Promise<string> {
  const { id } = await person.api.call('createPolicy', { body: { name, cedar } });
  await page.goto(at(`/governance/policies/${id}`));
  await editorOf(page).waitFor();
  return id;
}

const blockEmail = '@reason("No e-mail leaves.")\nforbid(principal, action, resource == Tool::"send_email");';
const email = { to: ['ana@example.com'], subject: 'Hello', text: 'Hello Ana' };
const verdictOf = async (args: Record<string, unknown> = email): Promise<string> =>
  (await person.api.call('tryCall', { body: { agent_id: agentId, tool_name: 'send_email', arguments: args as never } })).verdict;

async function publish(page: Page, note: string): Promise<void> {
  await page.getByRole('button', { name: 'Make live…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^What changes/).fill(note);
  await dialog.getByLabel(/^Reason to go without/).fill('Nothing was recorded yet.');
  await dialog.getByRole('button', { name: 'Make live' }).click();
  await dialog.waitFor({ state: 'detached' });
}

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
    const { page } = other;
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
    await openDraft(page, 'Two minds', blockEmail);
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
    await openDraft(page, 'By keyboard', blockEmail);
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
    await openDraft(page, 'Not lost', blockEmail);
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

describe('what is in force', () => {
  let id: string;

  test('a draft is tried before it counts, goes live with a note and a reason, and then decides', async () => {
    const { page } = admin;
    id = await openDraft(page, 'Nothing leaves', blockEmail);
    await isChecked(page, 'Valid');
    expect(await verdictOf()).toBe('ask');
    await page.getByRole('tab', { name: 'Try a call' }).click();
    await page.getByLabel('Agent', { exact: true }).selectOption(agentId);
    await page.getByLabel('Tool', { exact: true }).selectOption('send_email');
    await page.getByLabel('To (required)').fill('ana@example.com');
    await page.getByLabel('Subject (required)').fill('Hello');
    await page.getByLabel('Text (required)').fill('Hello Ana');
    await page.getByRole('button', { name: 'Judge this call' }).click();
    await page.getByText('Blocked by “Nothing leaves”: No e-mail leaves.').first().waitFor();
    await page.getByLabel('As it is live').check();
    await page.getByText('The approval it would ask for').waitFor();
    await page.getByRole('row').filter({ hasText: 'send_email' }).getByText('Ask', { exact: true }).waitFor();
    await expectAccessible(page, 'a tried call');
    expect(await verdictOf()).toBe('ask');

    await page.getByRole('button', { name: 'Make live…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make live' }).click();
    await page.getByText('Say what changes, for whoever reads the history.').waitFor();
    await page.getByText('Give a reason to go live without a back-test.').waitFor();
    await expectAccessible(page, 'making a policy live');
    await page.keyboard.press('Escape');
    await publish(page, 'E-mail stops.');
    // The open verdict follows what goes live.
    await page.getByText('Blocked by “Nothing leaves”: No e-mail leaves.').first().waitFor();
    expect(await verdictOf()).toBe('deny');
    await page.goto(at(`/maestro/agents/${agentId}?tab=tools`));
    await page.getByRole('listitem').filter({ hasText: 'send_email' }).getByText('Block', { exact: true }).waitFor();
  });

  test('a second version shows its difference; rolling back brings the verdict back as a version of its own', async () => {
    const { page } = admin;
    await page.goto(at(`/governance/policies/${id}`));
    await editorOf(page).waitFor();
    await write(page, blockEmail.replace('resource == Tool::"send_email"', 'resource == Tool::"execute_python"'));
    await isChecked(page, 'Valid');
    // Saves what is typed on the way.
    await publish(page, 'Python stops instead.');
    await expect.poll(() => verdictOf()).toBe('ask');
    await page.getByRole('tab', { name: 'Versions' }).click();
    const difference = page.getByRole('region', { name: /beside the one before/ });
    await difference.getByText('execute_python').waitFor();
    await difference.getByText('send_email').waitFor();
    await expectAccessible(page, 'versions of a policy');
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Why/).fill('E-mail must stop after all.');
    await dialog.getByRole('button', { name: 'Roll back to version 1' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Version 3' }).waitFor();
    await page.getByText('text of 1').waitFor();
    await expect.poll(() => verdictOf()).toBe('deny');
    await page.goto(at('/governance?tab=history'));
    await page.getByText('version 2 → 3').waitFor();
    expect(await page.getByText('in force now').count()).toBe(1);
    await expectAccessible(page, 'the history of sets');
  });

  test('turned off it judges nothing', async () => {
    const { page } = admin;
    await page.goto(at(`/governance/policies/${id}`));
    await page.getByRole('button', { name: 'More actions for this policy' }).click();
    await page.getByRole('menuitem', { name: 'Turn off' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Why/).fill('The drill is over.');
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => verdictOf()).toBe('ask');
  });
});

describe('two editors', () => {
  test('the second one sees both texts and chooses; nothing is overwritten unread', async () => {
    const [one, two] = [admin.page, other.page];
    const id = await openDraft(one, 'Contested', blockEmail);
    await isChecked(one, 'Valid');
    await two.goto(at(`/governance/policies/${id}`));
    await isChecked(two, 'Valid');
    await one.getByLabel('Reason', { exact: true }).fill('As the first says.');
    await two.getByLabel('Reason', { exact: true }).fill('As the second says.');
    await isChecked(two, 'Valid');
    await one.getByRole('button', { name: 'Save draft' }).click();
    await one.getByText('The draft is saved').waitFor();
    await two.getByText(/changed this policy meanwhile/).waitFor();
    await two.getByRole('button', { name: 'Save draft' }).click();
    const dialog = two.getByRole('dialog');
    await dialog.getByText('@reason("As the first says.")').waitFor();
    await dialog.getByText('@reason("As the second says.")').waitFor();
    await expectAccessible(two, 'a conflict');
    expect((await person.api.call('getPolicy', { params: { id } })).draft?.cedar).toContain('As the first says.');
    await dialog.getByRole('button', { name: /^Keep mine/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => (await person.api.call('getPolicy', { params: { id } })).draft?.cedar).toContain('As the second says.');
    // Without words of their own, the first one simply sees what is there now.
    await expect.poll(() => one.getByLabel('Reason', { exact: true }).inputValue()).toBe('As the second says.');
  });
});

describe('whoever may only read', () => {
  test('sees policies, texts and verdicts, is told which role may change them, and is refused by the server', async () => {
    const { page } = viewer;
    const { items } = await person.api.call('listPolicies');
    const contested = items.find(({ name }) => name === 'Contested');
    await page.goto(at('/governance'));
    await page.getByText('Policies have no order').waitFor();
    expect(await page.getByRole('link', { name: 'Write a policy' }).count()).toBe(0);
    await expectAccessible(page, 'the list of policies in the dark');
    await page.goto(at(`/governance/policies/${contested?.id}`));
    await page.getByText('only admin may change them').waitFor();
    await isChecked(page, 'Valid');
    await editorOf(page).locator('.cm-line', { hasText: 'As the second says.' }).waitFor();
    expect(await editorOf(page).getAttribute('aria-readonly')).toBe('true');
    await editorOf(page).click();
    await page.keyboard.type('x');
    expect(await textIn(page)).not.toContain('x@');
    expect(await page.getByLabel('Reason', { exact: true }).isEnabled()).toBe(false);
    expect(await page.getByRole('button', { name: /Save draft|Make live/ }).count()).toBe(0);
    await expectAccessible(page, 'a policy in the dark, read only');
    const vera = await signInAs(() => product.url, 'vera@example.com', password);
    await expect(vera.api.call('createPolicy', { body: { name: 'Mine', cedar: blockEmail } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await page.goto(at(`/governance?tab=try&agent=${agentId}`));
    await page.getByRole('row').filter({ hasText: 'send_email' }).getByText('Ask', { exact: true }).waitFor();
    await expectAccessible(page, 'trying a call in the dark');
  });
});

describe('on a phone', () => {
  test('list, policy and tried calls fit without sideways scrolling', async () => {
    const { page } = phone;
    const contested = (await person.api.call('listPolicies')).items.find(({ name }) => name === 'Contested');
    const fits = async (name: string): Promise<void> => expect(await page.evaluate<number>('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(390);
    await page.goto(at('/governance?text=contested'));
    await page.getByRole('link', { name: 'Contested' }).waitFor();
    await fits('the list');
    await page.goto(at(`/governance/policies/${contested?.id}`));
    await isChecked(page, 'Valid');
    await fits('a policy');
    await expectAccessible(page, 'a policy on a phone');
    await page.goto(at(`/governance?tab=try&agent=${agentId}&tool=send_email`));
    await page.getByLabel(/^Subject/).waitFor();
    await fits('trying a call');
    await page.goto(at('/governance?tab=history'));
    await page.getByText('in force now').waitFor();
    await fits('the history');
  });
});

describe('an agent', () => {
  test('gets tags in its form, which policies then know it by', async () => {
    const { page } = admin;
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
