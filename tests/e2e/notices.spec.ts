// Notices as people set and see them: a real browser on the built app, a real receiver behind the webhook.
import { fileURLToPath } from 'node:url';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalTerms } from '../../contracts/approvals.ts';
import type { NoticePreferences } from '../../contracts/notices.ts';
import type { Role } from '../../contracts/permissions.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { addApprovalRequest } from '../support/approval-requests.ts';
import { demand, termsWith } from '../support/approvals.ts';
import { type ApiServer, emailOf, startApiServer, testPassword } from '../support/api-server.ts';
import { expectAccessible, launchBrowser, type Visitor, visit } from '../support/browser.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let api: ApiServer;
let browser: Browser;
let admin: Visitor;
let receiver: WebhookReceiver;

beforeAll(async () => {
  [api, browser, receiver] = await Promise.all([
    startApiServer({ webDir: process.env['MAESTRO_WEB_DIR'] ?? fileURLToPath(new URL('../../dist/web', import.meta.url)), env: { HTTP_TOOL_ALLOW_HOSTS: '127.0.0.1' } }), launchBrowser(), startWebhookReceiver(),
  ]);
  admin = await signedIn('admin');
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await receiver?.close();
  await api?.close();
});

const at = (path: string): string => new URL(path, api.baseUrl).href;

async function signedIn(role: Role, options: Parameters<typeof visit>[1] = {}): Promise<Visitor> {
  const visitor = await visit(browser, options);
  await visitor.page.goto(at('/sign-in'));
  await visitor.page.getByLabel('E-mail').fill(emailOf(role));
  await visitor.page.getByLabel('Password', { exact: true }).fill(testPassword);
  await visitor.page.keyboard.press('Enter');
  await visitor.page.waitForURL('**/maestro');
  return visitor;
}

/** A request appears, as the run that asks would have it. */
async function request(toolName = 'send_email', terms: ApprovalTerms | null = null): Promise<string> {
  const { db } = api.database;
  const id = await addApprovalRequest(db, { toolName, args: { text: 'the secret plan' }, expiresAt: new Date(Date.now() + 900_000), terms });
  const row = await db.selectFrom('hitl_requests').select(['run_id', 'agent_id', 'expires_at']).where('id', '=', id).executeTakeFirstOrThrow();
  await insertEvents(db, [{ type: 'approval-requested', run_id: row.run_id, data: { approval_id: id, agent_id: row.agent_id, agent_name: 'Support', tool_name: toolName, risk_level: 'HIGH', expires_at: row.expires_at?.toISOString() ?? null } }]);
  return id;
}
async function remind(id: string): Promise<void> {
  const row = await api.database.db.selectFrom('hitl_requests').select(['run_id', 'agent_id']).where('id', '=', id).executeTakeFirstOrThrow();
  await insertEvents(api.database.db, [{ type: 'approval-changed', run_id: row.run_id, data: { approval_id: id, agent_id: row.agent_id, version: 1, change: 'reminded' } }]);
}
const choose = (preferences: Partial<NoticePreferences>) => api.call('setNoticePreferences', { as: 'admin', body: { email: 'mine', in_app: 'all', quiet_hours: null, ...preferences } });

describe('webhooks', () => {
  test('one is added, its secret shown once, tested, edited, its deliveries read, and deleted', async () => {
    const { page } = admin;
    await page.goto(at('/integrations?tab=webhooks'));
    await page.getByText('No other system hears of approvals.').waitFor();
    await page.getByRole('button', { name: 'Add webhook' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('button', { name: 'Add webhook' }).click();
    await sheet.getByText('Give it a name.').first().waitFor();
    await sheet.getByLabel('Name').fill('Team chat');
    await sheet.getByLabel('Address').fill(receiver.url);
    await sheet.getByLabel('Reminder').click();
    await expectAccessible(page, 'the form of a webhook');
    await sheet.getByRole('button', { name: 'Add webhook' }).click();
    const secret = await sheet.getByTestId('webhook-secret').textContent();
    expect(secret).toMatch(/^whsec_/);
    await expectAccessible(page, 'the secret of a webhook');
    await sheet.getByRole('button', { name: 'I have copied it' }).click();
    await sheet.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret);
    await page.getByText('Requested, Changed, Escalated, Settled').waitFor();

    await page.getByRole('button', { name: 'Send a test to Team chat' }).click();
    await page.getByText('Team chat took the test').waitFor();
    const [post] = receiver.received;
    expect(new StandardWebhook(secret ?? '').verify(post?.body ?? '', post?.headers as Record<string, string>)).toMatchObject({ type: 'webhook.test' });

    await page.getByRole('button', { name: 'Deliveries to Team chat' }).click();
    await page.getByRole('dialog').getByText('204 No Content').waitFor();
    await expectAccessible(page, 'deliveries');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Edit Team chat' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Pager');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Edit Pager' }).waitFor();
    expect((await api.call('listWebhooks', { as: 'admin' })).items).toMatchObject([{ name: 'Pager', events: ['requested', 'changed', 'escalated', 'settled'], version: 2 }]);

    await page.getByRole('button', { name: 'More actions for Pager' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete webhook' }).click();
    await page.getByText('No other system hears of approvals.').waitFor();
  });

  test('are read by others, who cannot change them', async () => {
    await api.call('createWebhook', { as: 'admin', body: { name: 'Seen by all', url: receiver.url } });
    const viewer = await signedIn('viewer');
    await viewer.page.goto(at('/integrations?tab=webhooks'));
    await viewer.page.getByText('Seen by all').waitFor();
    expect(await viewer.page.getByRole('button', { name: /^(Edit|Send a test to|More actions for|Add webhook)/ }).count()).toBe(0);
    await viewer.page.getByRole('button', { name: 'Deliveries to Seen by all' }).click();
    await viewer.page.getByText('Nothing was sent yet.').waitFor();
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  });
});

describe('settings', () => {
  test('choose which approvals one hears of, at once; others have nothing to choose', async () => {
    const { page } = admin;
    await page.goto(at('/settings'));
    const card = page.getByRole('region', { name: 'Notices of approvals' }).or(page.locator('[aria-labelledby="notices"]')).first();
    await card.getByRole('group', { name: 'By e-mail' }).getByText('All').click();
    await card.getByLabel('Quiet hours').click();
    await card.getByLabel('Until').selectOption('7');
    await expect.poll(() => api.call('getNoticePreferences', { as: 'admin' })).toEqual({ email: 'all', in_app: 'all', quiet_hours: { from: 22, to: 7 } });
    await expectAccessible(page, 'settings with notices');
    const viewer = await signedIn('viewer');
    await viewer.page.goto(at('/settings'));
    await viewer.page.getByText('Appearance and keys').waitFor();
    expect(await viewer.page.getByText('Notices of approvals').count()).toBe(0);
    await viewer.close();
  });
});

describe('notices of the browser', () => {
  test('are switched in the settings and beside the queue alike; where the browser refuses it says so', async () => {
    const visitor = await signedIn('approver');
    const { page } = visitor;
    const refused = page.getByText('The browser does not allow notices from this page');
    await page.goto(at('/settings'));
    const setting = page.getByRole('switch', { name: 'Notices of the browser' });
    await setting.click();
    await refused.waitFor();
    expect(await setting.isChecked()).toBe(false);
    await page.context().grantPermissions(['notifications']);
    await setting.click();
    await expect.poll(() => setting.isChecked()).toBe(true);
    await page.goto(at('/hitl?tab=notifications'));
    const button = page.getByRole('button', { name: 'Desktop notices' });
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
    await button.click();
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('false');
    await page.context().clearPermissions();
    await button.click();
    await refused.waitFor();
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await visitor.close();
  });
});

describe('notices in the app', () => {
  test('one by one, then grouped; with a way to the request and no arguments', async () => {
    await choose({});
    const { page } = admin;
    await page.goto(at('/settings'));
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.getByTitle('Live updates: Live').first().waitFor();
    const first = await request();
    const toast = page.getByRole('listitem').filter({ hasText: 'Approval needed: send_email' }).first();
    await toast.waitFor();
    expect(await page.content()).not.toContain('the secret plan');
    await toast.getByRole('button', { name: 'Review' }).click();
    await page.waitForURL(`**/hitl/${first}`);
    await page.goto(at('/settings'));
    await page.getByTitle('Live updates: Live').first().waitFor();
    for (let n = 0; n < 4; n++) await request('run_sql');
    await page.getByText(/^\d approvals needed$/).first().waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(5\) /);
  });

  test('a reminder is looked up; of what does not concern me there is none where I so wish, and none at all when off', async () => {
    const visitor = await signedIn('approver');
    const { page } = visitor;
    await page.goto(at('/settings'));
    await page.getByTitle('Live updates: Live').first().waitFor();
    const id = await request('http_request');
    await page.getByText('Approval needed: http_request').first().waitFor();
    await remind(id);
    await page.getByText('Still waiting for approval: http_request').first().waitFor();
    const group = page.getByRole('group', { name: 'In the app' });
    await group.getByText('Those that concern me').click();
    await request('execute_python', termsWith({ requirements: [demand(['role:admin'])] }));
    await request('run_sql');
    // The one that names nobody tells that the one before has arrived, of which no notice came.
    await page.getByText('Approval needed: run_sql').first().waitFor();
    expect(await page.getByText('Approval needed: execute_python').count()).toBe(0);
    await group.getByText('Off').click();
    const before = await page.title();
    await request('execute_python');
    // The badge tells when the event has arrived, and with it that no notice came.
    await expect.poll(() => page.title()).not.toBe(before);
    expect(await page.getByText('Approval needed: execute_python').count()).toBe(0);
    await visitor.close();
  });

  test('nothing went wrong on the way', () => expect(admin.complaints).toEqual([]));
});
