// Approvals as approvers meet them: real browsers on the real product, policies published over its API; only the model is the test's.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalRequest } from '../../contracts/approvals.ts';
import { type Person, signInAs } from '../support/api.ts';
import { aboutSubject, publishAsking } from '../support/asking-policies.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { type CallingModel, startCallingModel } from '../support/calling-model.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
let browser: Browser;
let model: CallingModel;
let admin: Person;
let agentId: string;
let ana: Visitor;
let ben: Visitor;

const password = 'a password for this test';
const at = (path: string): string => new URL(path, product.url).href;

async function visitAs(email: string, options: Parameters<typeof visit>[1] = {}): Promise<Visitor> {
  const visitor = await visit(browser, options);
  await signIn(product, visitor, email, password);
  return visitor;
}

/** A run whose agent makes exactly this call and then ends; answers once somebody is asked about it. */
const ask = (name: string, args: Record<string, unknown>): Promise<ApprovalRequest> => model.ask(agentId, name, args);

const mail = (subject: string): Record<string, unknown> => ({ to: ['lead@example.com'], subject, text: `About ${subject}.` });
const reading = (path: string): Record<string, unknown> => ({ method: 'GET', url: `https://feeds.example.com/${path}`, max_redirects: 2 });

async function open(page: Page, { id }: Pick<ApprovalRequest, 'id'>): Promise<void> {
  await page.goto(at(`/hitl/${id}`));
  await page.getByText('Left to spend').waitFor();
}
const read = (id: string) => admin.api.call('getApproval', { params: { id } });
const settled = (id: string): Promise<ApprovalRequest> =>
  until(`the decision on ${id}`, async () => {
    const request = await read(id);
    return request.status === 'pending' ? undefined : request;
  }, { timeoutMs: 60_000 });
const menuItem = async (page: Page, name: RegExp): Promise<void> => {
  await page.getByRole('button', { name: 'More about this request' }).click();
  await page.getByRole('menuitem', { name }).click();
};
const confirm = (page: Page): Promise<void> => page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).click();

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  admin = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  model = await startCallingModel(admin);
  for (const name of ['Ana', 'Ben', 'Cleo']) await admin.api.call('createUser', { body: { name, email: `${name.toLowerCase()}@example.com`, role: 'approver', password } });
  const idOf = async (email: string): Promise<string> => (await admin.api.call('listUsers')).items.find((user) => user.email === email)?.id ?? '';
  await admin.api.call('createGroup', { body: { name: 'finance', description: 'May approve what costs money', member_ids: [await idOf('ana@example.com'), await idOf('ben@example.com')] } });
  await publishAsking(admin, { name: 'Paid mail', tool: 'send_email', terms: { approvers: 'group:finance', quorum: '2', expires: '4h' }, when: aboutSubject('invoice') });
  await publishAsking(admin, { name: 'Fixed recipients', tool: 'send_email', terms: { editable: 'subject, text', expires: '4h', extendable: '24h' }, when: aboutSubject('news') });
  await publishAsking(admin, { name: 'Brief mail', tool: 'send_email', terms: { expires: '20s' }, when: aboutSubject('brief') });
  await publishAsking(admin, { name: 'Reading outside', tool: 'http_request', terms: { expires: '1h' }, when: ' when { context.risk_level <= 2 }' });
  agentId = await model.createAgent('Support clerk', ['send_email', 'http_request', 'ask_person']);
  [ana, ben] = [await visitAs('ana@example.com'), await visitAs('ben@example.com')];
}, 400_000);
afterAll(async () => {
  const complaints = [ana, ben].flatMap((visitor) => visitor?.complaints ?? []);
  await browser?.close();
  await model?.close();
  await product?.remove();
  // Of two who decide at once one is refused; the live channel is cut off on purpose.
  expect(complaints.filter((complaint) => !/40[49]|ERR_FAILED/.test(complaint))).toEqual([]);
});

describe('one request', () => {
  test('a HIGH call is approved by keyboard alone, and taken up by its run', async () => {
    const { page } = ana;
    const request = await ask('send_email', mail('keys'));
    await open(page, request);
    await page.keyboard.press('a');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await expectAccessible(page, 'the question before a HIGH call');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Taken up by the run').first().waitFor();
    expect(await settled(request.id)).toMatchObject({ status: 'approved', decision: { decided_by: { name: 'Ana' } } });
  });

  test('of two browsers that approve at once one wins; the other reads by whom, with its words kept', async () => {
    const request = await ask('send_email', mail('race'));
    await open(ana.page, request);
    await open(ben.page, request);
    await ana.page.keyboard.press('r');
    await ana.page.getByRole('button', { name: 'Wrong target' }).click();
    await ana.page.getByLabel('In your own words').fill('not them');
    // The live channel would tell of the decision first; this is the one that comes too late.
    await ana.page.route('**/api/events*', (route) => route.abort());
    await ana.page.route('**/api/apa/hitl/*/reject', async (route) => {
      await ben.page.getByRole('button', { name: 'Approve', exact: true }).click();
      await confirm(ben.page);
      await settled(request.id);
      await route.continue();
    });
    await ana.page.getByRole('button', { name: 'Reject', exact: true }).click();
    await ana.page.getByText(/Ben approved it/).first().waitFor();
    await ana.page.getByText('Wrong target: not them').first().waitFor();
    await ana.page.unrouteAll();
    expect(await settled(request.id)).toMatchObject({ status: 'approved', decision: { decided_by: { name: 'Ben' } } });
  });

  test('two people of a group approve what needs two: the first is told who is waited for', async () => {
    const request = await ask('send_email', mail('an invoice'));
    await open(ana.page, request);
    await ana.page.getByText('0 of 2 approvals').first().waitFor();
    await ana.page.getByRole('link', { name: 'Paid mail' }).waitFor();
    await ana.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await confirm(ana.page);
    const card = ana.page.getByRole('region', { name: request.effect_sentence });
    await card.getByText('Recorded: 1 of 2 approvals, waiting for 1 more from the group finance.').waitFor();
    expect(await ana.page.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true);
    await open(ben.page, request);
    await ben.page.getByText(/^Ana/).first().waitFor();
    await ben.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await confirm(ben.page);
    expect(await settled(request.id)).toMatchObject({ status: 'approved', votes: [{ by: { name: 'Ana' } }, { by: { name: 'Ben' } }] });
  });

  test('somebody a policy does not name reads why they may not decide', async () => {
    const request = await ask('send_email', mail('another invoice'));
    const cleo = await visitAs('cleo@example.com');
    await open(cleo.page, request);
    await cleo.page.getByText(/This is decided by/).waitFor();
    expect(await cleo.page.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
    await cleo.close();
  });

  test('an edited number arrives as a number, after a reload in the middle and a look at the difference', async () => {
    const { page } = ana;
    const request = await ask('http_request', reading('edit'));
    await open(page, request);
    await page.keyboard.press('e');
    await page.getByLabel('Max redirects').fill('4');
    await page.reload();
    expect(await page.getByLabel('Max redirects').inputValue()).toBe('4');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByText('What your edit changes').waitFor();
    await page.getByText('The edited call needs').waitFor();
    await expectAccessible(page, 'the review of an edit');
    await page.getByRole('button', { name: 'Approve with edits' }).click();
    const { status, decision } = await settled(request.id);
    expect(status).toBe('approved_with_edits');
    expect(decision?.edited_arguments).toEqual({ ...reading('edit'), max_redirects: 4 });
  });

  test('arguments a policy locks are read-only with its name, and it can be made to wait longer', async () => {
    const { page } = ana;
    const request = await ask('send_email', mail('news'));
    await open(page, request);
    await page.keyboard.press('e');
    await page.getByText('Locked by the policy Fixed recipients').first().waitFor();
    expect(await page.getByRole('textbox').evaluateAll((fields) => fields.map((field) => field.getAttribute('name')))).toEqual(['subject', 'text']);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('alertdialog').getByLabel('New end').selectOption({ index: 1 });
    await page.getByRole('alertdialog').getByRole('button', { name: 'Extend' }).click();
    await page.getByText(/^Extended: it now waits until/).last().waitFor();
    const extended = await read(request.id);
    expect(Date.parse(extended.expires_at ?? '') - Date.parse(request.expires_at ?? '')).toBe(3_600_000);
  });

  test('a tab with arguments somebody has changed since cannot approve them', async () => {
    const request = await ask('send_email', mail('an invoice to change'));
    await open(ana.page, request);
    const editor = await signInAs(() => product.url, 'ben@example.com', password);
    const changed = await editor.api.call('approveRequest', { params: { id: request.id }, body: { version: request.version, arguments_hash: request.arguments_hash, edited_arguments: { ...mail('an invoice, changed') } as never } });
    expect(changed).toMatchObject({ status: 'pending', version: 2 });
    await ana.page.getByText('The request changed while you were reading (version 2).').waitFor();
    expect(await ana.page.getByRole('button', { name: 'Approve', exact: true }).count()).toBe(0);
    await ana.page.getByRole('button', { name: 'Show the changed request' }).click();
    await ana.page.getByText('An approver has edited what the agent proposed').waitFor();
    await ana.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await confirm(ana.page);
    expect(await settled(request.id)).toMatchObject({ arguments: mail('an invoice, changed'), original_arguments: mail('an invoice to change') });
  });

  test('a call is done by hand: the agent reads the result, the tool is not run', async () => {
    const { page } = ana;
    const request = await ask('send_email', mail('by hand'));
    await open(page, request);
    await menuItem(page, /by hand/);
    await page.getByLabel('What came of it').fill('{"message_id": 17}');
    await page.getByRole('button', { name: 'Look at the result' }).click();
    await page.getByText('The call itself is not executed.').waitFor();
    await page.getByRole('button', { name: 'Give this result' }).click();
    expect(await settled(request.id)).toMatchObject({ decision: { verdict: 'provide_result', result: { message_id: 17 } } });
    await admin.ended(request.run_id);
    expect((await admin.emails()).filter(({ subject }) => subject === 'by hand')).toEqual([]);
  });

  test('a question is answered by one of its choices', async () => {
    const { page } = ana;
    const request = await ask('ask_person', { question: 'Which region?', choices: ['Europe', 'Asia'] });
    await open(page, request);
    await page.getByRole('button', { name: 'Asia' }).click();
    await expectAccessible(page, 'a question');
    await page.getByRole('button', { name: 'Send answer' }).click();
    expect(await settled(request.id)).toMatchObject({ decision: { verdict: 'answer', result: 'Asia' } });
    // On a wide screen the next request is open by now.
    await open(page, request);
    await page.getByText('Ana answered.').first().waitFor();
  });

  test('when the time is up while the card is open nothing can be pressed any more', async () => {
    const { page } = ana;
    const request = await ask('send_email', mail('brief'));
    await page.goto(at(`/hitl/${request.id}`));
    await page.getByText(/Time is up|Nobody decided in time/).first().waitFor({ timeout: 60_000 });
    await until('the buttons to be off', async () => {
      const approve = page.getByRole('button', { name: 'Approve', exact: true });
      return (await approve.count()) === 0 || (await approve.isDisabled()) || undefined;
    });
    expect(await settled(request.id)).toMatchObject({ status: 'expired' });
  });
});

describe('several requests', () => {
  test('harmless calls of one tool are approved together after a review; HIGH says why it is not among them', async () => {
    const { page } = ana;
    const requests = [await ask('http_request', reading('one')), await ask('http_request', reading('two'))];
    const high = await ask('send_email', mail('not together'));
    await page.goto(at('/hitl'));
    for (const { effect_sentence: effect } of [...requests, high]) await page.getByRole('checkbox', { name: new RegExp(`^Select .*${effect.replaceAll(/[.?*+/]/g, '.')}`) }).last().check();
    await page.getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('https://feeds.example.com/one').waitFor();
    await dialog.getByText(/HIGH is approved one by one/).waitFor();
    await expectAccessible(page, 'the review of several');
    await dialog.getByRole('button', { name: 'Approve 2 requests' }).click();
    await dialog.getByText('2 decisions recorded').waitFor();
    for (const { id } of requests) expect(await settled(id)).toMatchObject({ status: 'approved', decision: { door: 'bulk' } });
    expect(await read(high.id)).toMatchObject({ status: 'pending' });
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  test('X selects and one reason rejects all', async () => {
    const { page } = ana;
    const request = await ask('send_email', mail('rejected'));
    await open(page, request);
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Reject…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Not allowed' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click();
    await page.getByRole('dialog').getByText('1 decision recorded').waitFor();
    expect(await settled(request.id)).toMatchObject({ status: 'rejected', decision: { note: 'Not allowed' } });
  });

  test('the history tells outcome, decider, edits and run', async () => {
    const { page } = ana;
    await page.goto(at('/hitl?tab=history'));
    await page.getByText('max_redirects').first().waitFor();
    await page.getByRole('table').getByText('Approved with edits').first().waitFor();
    await expectAccessible(page, 'the history');
  });
});

test.each(['light', 'dark'] as const)('a phone (%s) shows a request without sideways scroll, with large buttons', async (theme) => {
  const phone = await visitAs('ana@example.com', { theme, viewport: { width: 390, height: 844 } });
  const { page } = phone;
  const request = await ask('send_email', { ...mail('phone'), text: `Dear ‮lead,\n${'w'.repeat(20_000)}` });
  await open(page, request);
  await page.getByText(/20 0\d\d characters|20\u202f0\d\d characters/).first().waitFor();
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  for (const name of ['Approve', 'Edit', 'Reject']) expect((await page.getByRole('button', { name, exact: true }).boundingBox())?.height).toBeGreaterThanOrEqual(48);
  await expectAccessible(page, `a request on a phone, ${theme}`);
  await phone.close();
});
