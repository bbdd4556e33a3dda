// Who decides: groups that policies name, and who decides in the place of somebody away. Real browsers on the real product; only the model is the test's.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalRequest } from '../../contracts/approvals.ts';
import type { Role } from '../../contracts/permissions.ts';
import { type Person, signInAs } from '../support/api.ts';
import { aboutSubject, publishAsking } from '../support/asking-policies.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { type CallingModel, startCallingModel } from '../support/calling-model.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let model: CallingModel;
let person: Person;
let agentId: string;
let admin: Visitor;
let other: Visitor;
const visitors: Visitor[] = [];

const password = 'a password for people';
const people: [name: string, role: Role][] = [['Ana', 'approver'], ['Ben', 'approver'], ['Cleo', 'approver'], ['Otto', 'admin'], ['Vera', 'viewer']];
const at = (path: string): string => new URL(path, product.url).href;

async function visitAs(name: string, options: Parameters<typeof visit>[1] = {}): Promise<Visitor> {
  const visitor = await visit(browser, options);
  visitors.push(visitor);
  await signIn(product, visitor, `${name.toLowerCase()}@example.com`, password);
  return visitor;
}

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  model = await startCallingModel(person);
  agentId = await model.createAgent('Support clerk', ['send_email']);
  await Promise.all(people.map(([name, role]) => person.api.call('createUser', { body: { name, email: `${name.toLowerCase()}@example.com`, role, password } })));
  admin = await visit(browser);
  visitors.push(admin);
  [other] = await Promise.all([visitAs('Otto'), signIn(product, admin, product.adminEmail, product.adminPassword)]);
}, 400_000);
afterAll(async () => {
  const complaints = visitors.flatMap((visitor) => visitor.complaints);
  await browser?.close();
  await model?.close();
  await product?.remove();
  // What is refused is refused by the server too.
  expect(complaints.filter((complaint) => !/409 \(Conflict\)|422 \(Unprocessable Entity\)|ERR_FAILED/.test(complaint))).toEqual([]);
});

const groupOf = async (name: string) => (await person.api.call('listGroups')).items.find((group) => group.name === name);
const membersOf = async (name: string): Promise<string[] | undefined> => (await groupOf(name))?.members.map((member) => member.name);
const focused = (page: Page): Promise<string> => page.evaluate<string>('document.activeElement.getAttribute("aria-label") || document.activeElement.name || document.activeElement.textContent');
const fits = async (page: Page, name: string): Promise<void> => expect(await page.evaluate<number>('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(390);

async function openGroup(page: Page, name: string): Promise<void> {
  await page.goto(at('/settings'));
  await page.getByRole('button', { name: `Edit ${name}` }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: /Cleo/ }).waitFor();
}

describe('a group', () => {
  test('is made by keyboard, with what is wrong said where it stands, and shows who of it may not decide', async () => {
    const { page } = admin;
    await page.goto(at('/settings'));
    await page.getByText('There are no groups yet.').waitFor();
    await page.getByRole('button', { name: 'Add group' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Name/).fill('Finance Leads');
    await dialog.getByLabel('What it is for').focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('A group name has small letters, digits and -.').waitFor();
    expect(await focused(page)).toBe('name');
    await expectAccessible(page, 'a group with an error');
    await dialog.getByLabel(/^Name/).fill('finance');
    await dialog.getByLabel('What it is for').fill('May approve <b>what</b> costs money');
    await dialog.getByRole('checkbox', { name: /Vera.*viewer, may not decide/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Control+Enter');
    const row = page.getByRole('row').filter({ hasText: 'finance' });
    await row.getByText('(viewer, may not decide)').waitFor();
    await row.getByText('Nobody who could decide yet').waitFor();
    await row.getByText('<b>what</b>').waitFor();
    await page.getByRole('button', { name: 'Add group' }).click();
    await dialog.getByLabel(/^Name/).fill('finance');
    await dialog.getByRole('button', { name: 'Add group' }).click();
    await dialog.getByText('Another group already has this name.').waitFor();
    expect(await focused(page)).toBe('name');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Add group');
  });

  test('changed by two at once is overwritten by nobody unread', async () => {
    const [one, two] = [admin.page, other.page];
    await openGroup(one, 'finance');
    await openGroup(two, 'finance');
    // Policies name it, so that the name is nothing to type.
    expect(await one.getByRole('dialog').getByLabel(/^Name/).count()).toBe(0);
    await one.getByRole('checkbox', { name: /Ana/ }).click();
    await one.getByRole('button', { name: 'Save' }).click();
    await one.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(one)).toBe('Edit finance');
    await two.getByRole('checkbox', { name: /Ben/ }).click();
    await two.getByRole('button', { name: 'Save' }).click();
    await two.getByText('Somebody else changed the group meanwhile. It now has 2 members: Ana, Vera').waitFor();
    await expectAccessible(two, 'a group that two change');
    expect(await membersOf('finance')).toEqual(['Ana', 'Vera']);
    await two.getByRole('button', { name: 'Take this over' }).click();
    expect(await two.getByRole('checkbox', { name: /Ana/ }).isChecked()).toBe(true);
    await person.api.call('updateGroup', { params: { id: (await groupOf('finance'))?.id ?? '' }, body: { version: (await groupOf('finance'))?.version ?? 0, description: 'Changed once more' } });
    await two.getByRole('checkbox', { name: /Vera/ }).click();
    await two.getByRole('button', { name: 'Save' }).click();
    await two.getByText('“Changed once more”').waitFor();
    await two.getByRole('button', { name: 'Replace it with mine' }).click();
    await two.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await groupOf('finance')).toMatchObject({ description: 'May approve <b>what</b> costs money', members: [{ name: 'Ana' }] });
  });

  test('is deleted with its name typed in once a live policy names it, were it only while the question is open', async () => {
    const { page } = admin;
    await person.api.call('createGroup', { body: { name: 'legal', description: '', member_ids: [] } });
    await page.goto(at('/settings'));
    await page.getByRole('button', { name: 'Delete legal' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('No live policy names it.').waitFor();
    // The live channel would tell of the policy first; this is the question that comes too late.
    await page.route('**/api/events*', (route) => route.abort());
    await page.route('**/api/groups/*', async (route) => {
      await page.unroute('**/api/groups/*');
      await publishAsking(person, { name: 'Contracts', tool: 'send_email', terms: { approvers: 'group:legal', expires: '4h' }, when: aboutSubject('contract') });
      await route.continue();
    });
    await question.getByRole('button', { name: 'Delete group' }).click();
    await question.getByText('Live policies name it: Contracts.').waitFor();
    expect(await question.getByRole('button', { name: 'Delete group' }).isDisabled()).toBe(true);
    await expectAccessible(page, 'a group in use, about to be deleted');
    const legal = await groupOf('legal');
    await expect(person.api.call('deleteGroup', { params: { id: legal?.id ?? '' }, query: { confirm_name: 'Legal' } })).rejects.toMatchObject({ code: 'GROUP_IN_USE' });
    await expect(person.api.call('updateGroup', { params: { id: legal?.id ?? '' }, body: { version: legal?.version ?? 0, name: 'law' } as never })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await question.getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('row').filter({ hasText: 'legal' }).getByText('Nobody who could decide: what names it waits until it expires').waitFor();
    await page.getByRole('button', { name: 'Delete legal' }).click();
    await question.getByLabel(/to confirm/).fill('legal');
    await question.getByRole('button', { name: 'Delete group' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await groupOf('legal')).toBeUndefined();
    await page.unrouteAll();
  });

  test('is read on a phone by whoever may not change it, and changed by an admin alone', async () => {
    const { page } = await visitAs('Vera', { theme: 'dark', viewport: { width: 390, height: 844 } });
    await page.goto(at('/settings'));
    await page.getByText('Your role sees who is in them; only admin may change them.').waitFor();
    await page.getByRole('list', { name: 'Groups of approvers' }).getByText('finance').waitFor();
    expect(await page.getByRole('button', { name: /group$|^Edit|^Delete|^Hand over/ }).count()).toBe(0);
    await fits(page, 'settings');
    await expectAccessible(page, 'settings on a phone in the dark');
    for (const name of ['vera', 'ana']) {
      const own = await signInAs(() => product.url, `${name}@example.com`, password);
      await expect(own.api.call('createGroup', { body: { name: 'mine' } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});

describe('while somebody is away', () => {
  const mail = (subject: string) => model.ask(agentId, 'send_email', { to: ['lead@example.com'], subject, text: 'Hello' });
  const open = async (page: Page, { id }: ApprovalRequest): Promise<void> => {
    await page.goto(at(`/hitl/${id}`));
    await page.getByText('Left to spend').waitFor();
  };
  let ana: Visitor;
  let cleo: Visitor;

  test('somebody else is handed the approvals, by a form that says what is wrong, and decides in their place', async () => {
    await publishAsking(person, { name: 'Paid mail', tool: 'send_email', terms: { approvers: 'group:finance', expires: '4h' }, when: aboutSubject('invoice') });
    const request = await mail('an invoice');
    [ana, cleo] = await Promise.all([visitAs('Ana'), visitAs('Cleo', { theme: 'dark', viewport: { width: 390, height: 844 } })]);
    await open(cleo.page, request);
    await cleo.page.getByText(/This is decided by/).waitFor();
    const { page } = ana;
    await page.goto(at('/settings'));
    await page.getByRole('button', { name: 'Hand over approvals' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    // An admin alone says who is away, and changes groups.
    expect(await page.getByRole('button', { name: /group$|^Edit|^Delete/ }).count()).toBe(0);
    expect(await dialog.getByLabel('Who is away').count()).toBe(0);
    const handOver = dialog.getByRole('button', { name: 'Hand over', exact: true });
    await handOver.click();
    await dialog.getByText('Choose who decides meanwhile.').waitFor();
    expect(await focused(page)).toBe('to_user_id');
    await dialog.getByLabel(/Who decides meanwhile/).selectOption({ label: 'Cleo (approver)' });
    await dialog.getByLabel(/^Until/).fill('2020-01-01T10:00');
    await handOver.click();
    await dialog.getByText('It ends before it begins.').waitFor();
    await dialog.getByLabel(/^From/).fill('2019-01-01T10:00');
    await handOver.click();
    await dialog.getByText('This has passed already.').waitFor();
    expect(await focused(page)).toBe('ends_at');
    await expectAccessible(page, 'handing approvals over');
    const year = new Date().getFullYear() + 1;
    await dialog.getByLabel(/^Until/).fill(`${year}-01-01T10:00`);
    await dialog.getByLabel('Note').fill('On <b>leave</b>');
    await handOver.click();
    const entry = page.getByRole('list', { name: 'Delegations' }).getByRole('listitem');
    await entry.getByText('Active').waitFor();
    expect(await entry.textContent()).toMatch(new RegExp(`Cleo decides for you.*1 Jan ${year}.*On <b>leave</b>`));
    await expect.poll(() => focused(page)).toBe('Hand over approvals');

    await cleo.page.reload();
    await cleo.page.getByText('You decide for').waitFor();
    await expectAccessible(cleo.page, 'a request decided for somebody else');
    await cleo.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await cleo.page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();
    await expect.poll(async () => (await person.api.call('getApproval', { params: { id: request.id } })).status).toBe('approved');
    expect((await person.api.call('getApproval', { params: { id: request.id } })).votes).toMatchObject([{ by: { name: 'Cleo' }, on_behalf_of: { name: 'Ana' } }]);
  });

  test('it ends when it is ended and when its time is up; the delegate then reads why they may not decide', async () => {
    const request = await mail('another invoice');
    await cleo.page.goto(at('/settings'));
    await cleo.page.getByText('You decide for Ana').waitFor();
    await fits(cleo.page, 'delegations');
    await open(cleo.page, request);
    await cleo.page.getByText('You decide for').waitFor();
    const { page } = ana;
    await page.getByRole('button', { name: 'End: Cleo decides for Ana' }).click();
    await page.getByRole('alertdialog').getByText('Cleo may no longer decide for Ana.').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End it' }).click();
    await page.getByText('Revoked').waitFor();
    expect(await page.getByRole('button', { name: /^End:/ }).count()).toBe(0);
    await cleo.page.reload();
    await cleo.page.getByText(/This is decided by/).waitFor();
    expect(await cleo.page.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true);

    const own = await signInAs(() => product.url, 'ana@example.com', password);
    const cleoId = (await own.api.call('listApprovers')).items.find(({ name }) => name === 'Cleo')?.user_id ?? '';
    // Far enough that it has not passed when a slow machine comes to ask for it.
    const endsAt = Date.now() + 15_000;
    await own.api.call('createDelegation', { body: { to_user_id: cleoId, starts_at: new Date(endsAt - 60_000).toISOString(), ends_at: new Date(endsAt).toISOString() } });
    await expect.poll(async () => (await own.api.call('listDelegations')).items[0]?.state, { timeout: 60_000 }).toBe('ended');
    await page.reload();
    await page.getByText('Ended', { exact: true }).waitFor();
    const delegate = await signInAs(() => product.url, 'cleo@example.com', password);
    await expect(delegate.approve(await delegate.pendingApproval(request.run_id))).rejects.toMatchObject({ code: 'APPROVAL_NOT_ELIGIBLE' });
  });

  test('an admin hands over for others, never to the one who is away', async () => {
    const { page } = other;
    await page.goto(at('/settings'));
    await page.getByRole('button', { name: 'Hand over approvals' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Who decides meanwhile/).selectOption({ label: 'Ben (approver)' });
    await dialog.getByLabel('Who is away').selectOption({ label: 'Ben' });
    expect(await dialog.getByLabel(/Who decides meanwhile/).inputValue()).toBe('');
    await dialog.getByLabel(/Who decides meanwhile/).selectOption({ label: 'Ana (approver)' });
    await dialog.getByRole('button', { name: 'Hand over', exact: true }).click();
    await page.getByText('Ana decides for Ben').first().waitFor();
  });
});
