// What a draft would have made of the past, and what the audit log says and proves: a real browser on the real product with the demo's own history.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoGoal } from '../../embedded/demo-data/demo-agent.ts';
import { demoPolicy } from '../../embedded/demo-data/demo-policy.ts';
import { type Person, signInAs } from '../support/api.ts';
import { expectAccessible, launchBrowser, signIn, type Visitor, visit } from '../support/browser.ts';
import { startProcess } from '../support/process.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
let browser: Browser;
let admin: Visitor;
let phone: Visitor;
let viewer: Visitor;
let person: Person;
let runIds: string[];

const viewerPassword = 'a password for looking';
const at = (path: string): string => new URL(path, product.url).href;

/** Does something to the product's own database, as somebody with the rights of its owner could. */
async function inDatabase<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const ports = JSON.parse(await readFile(join(product.dataDir, 'ports.json'), 'utf8')) as { database: number };
  const client = new pg.Client({ connectionString: `postgres://postgres:postgres@127.0.0.1:${ports.database}/postgres` });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Two runs of the demo: each reads tickets, computes, and sends an e-mail that somebody approves. */
async function makeHistory(): Promise<string[]> {
  const agent = (await person.api.call('listAgents')).items.find(({ is_demo: isDemo }) => isDemo);
  const ids: string[] = [];
  for (let count = 0; count < 2; count++) {
    const runId = await person.startRun(agent?.id ?? '', demoGoal);
    await person.approve(await person.pendingApproval(runId));
    await person.ended(runId);
    ids.push(runId);
  }
  return ids;
}

/** Adds `batches * batchSize` repetitions of every decision on record, little by little: the embedded database does one thing at a time. */
const lengthenHistory = ({ batches, batchSize }: { batches: number; batchSize: number }): Promise<void> =>
  inDatabase(async (client) => {
    for (let batch = 0; batch < batches; batch++) {
      await client.query(`
        insert into safety_checks (id, tool_call_id, run_id, arguments_hash, facts, risk_level, verdict, reason, policy_version, matched_rules, round, agent_id, tool_name, effect, terms, problems, created_at)
        select gen_random_uuid(), tool_call_id, run_id, arguments_hash, facts, risk_level, verdict, reason, policy_version, matched_rules, round + n, agent_id, tool_name, effect, terms, problems, created_at
        from safety_checks, generate_series($1::int, $2::int) n where round < 1000`, [1_000 + batch * batchSize, 999 + (batch + 1) * batchSize]);
    }
  });

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  runIds = await makeHistory();
  await person.api.call('createUser', { body: { email: 'vera@example.com', name: 'Vera Viewer', role: 'viewer', password: viewerPassword } });
  [admin, phone, viewer] = await Promise.all([visit(browser), visit(browser, { viewport: { width: 390, height: 844 }, theme: 'dark' }), visit(browser, { theme: 'dark' })]);
  await signIn(product, admin, product.adminEmail, product.adminPassword);
  await signIn(product, phone, product.adminEmail, product.adminPassword);
  await signIn(product, viewer, 'vera@example.com', viewerPassword);
}, 400_000);
afterAll(async () => {
  expect([...(admin?.complaints ?? []), ...(phone?.complaints ?? []), ...(viewer?.complaints ?? [])]).toEqual([]);
  await browser?.close();
  await product?.remove();
});

/** The number on the card of an outcome. */
const countOf = (page: Page, outcome: string) => page.getByRole('group', { name: 'Outcomes' }).locator(':scope > *').filter({ hasText: outcome });
const startBackTest = async (page: Page, policy: string): Promise<void> => {
  await page.getByLabel(/^Policy/).selectOption({ label: policy });
  await page.getByRole('button', { name: 'Start back-test' }).click();
  await page.waitForURL(/back_test=/);
};
const noSidewaysScroll = async (page: Page): Promise<void> => {
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
};

describe('a back-test', () => {
  test('of the draft the demo comes with is looser by the e-mail of each run, and by nothing else', async () => {
    const { page } = admin;
    await page.goto(at('/governance?tab=backtest'));
    await page.getByText('No model and no tool is run, and live policies are untouched.').waitFor();
    await startBackTest(page, demoPolicy.name);
    await page.getByText('The draft would have decided 2 of 6 decisions differently: 2 looser, 0 stricter.').waitFor({ timeout: 60_000 });
    await page.getByText('This is the draft as it stands now.').waitFor();
    for (const [outcome, count] of [['Looser', '2'], ['Stricter', '0'], ['Unchanged', '4'], ['Cannot be replayed', '0']] as const) {
      await countOf(page, outcome).getByText(count, { exact: true }).waitFor();
    }
    await expectAccessible(page, 'a back-test');
  });

  test('leads from each changed decision to the step of the run it was made in', async () => {
    const { page } = admin;
    const result = page.url();
    const row = page.getByRole('table', { name: /Decisions that change/ }).getByRole('row').filter({ hasText: 'send_email' }).first();
    await row.getByText('Looser').waitFor();
    await row.getByText('Ask').first().waitFor();
    await row.getByText('Allow').waitFor();
    await row.getByText(demoPolicy.name).waitFor();
    await row.getByRole('link', { name: /send_email/ }).click();
    await page.waitForURL(/\/maestro\/runs\/.*step=/);
    expect(runIds.some((id) => page.url().includes(id))).toBe(true);
    await page.goto(result);
    await page.getByText('2 looser, 0 stricter').waitFor();
  });

  test('shows looser before stricter, and one outcome alone when asked', async () => {
    const { page } = admin;
    const { id } = await person.api.call('createPolicy', {
      body: {
        name: 'Queries ask, mail goes',
        cedar: '@reason("Queries ask.")\nforbid (principal, action == Action::"use_unattended", resource == Tool::"run_sql");\n@reason("Mail goes.")\npermit (principal, action, resource == Tool::"send_email");',
      },
    });
    await page.goto(at(`/governance?tab=backtest&policy=${id}`));
    await page.getByRole('button', { name: 'Start back-test' }).click();
    await page.getByText('2 looser, 2 stricter').waitFor({ timeout: 60_000 });
    const rows = page.getByRole('table', { name: /Decisions that change/ }).locator('tbody tr');
    await rows.nth(3).waitFor();
    expect((await rows.allInnerTexts()).map((text) => /Looser|Stricter/.exec(text)?.[0])).toEqual(['Looser', 'Looser', 'Stricter', 'Stricter']);
    await page.getByRole('button', { name: /^Stricter/ }).click();
    await page.waitForURL(/outcome=stricter/);
    await page.reload();
    await rows.filter({ hasText: 'run_sql' }).first().waitFor();
    expect(await rows.count()).toBe(2);
  });

  test('over a range without decisions says so', async () => {
    const { page } = admin;
    await page.goto(at('/governance?tab=backtest'));
    await page.getByLabel('From').fill('2020-01-01T00:00');
    await page.getByLabel('To', { exact: true }).fill('2020-02-01T00:00');
    await startBackTest(page, demoPolicy.name);
    await page.getByText('No decision was recorded in this range').waitFor({ timeout: 60_000 });
    await page.goto(at('/governance?tab=backtest'));
    await page.getByLabel('To', { exact: true }).fill('2019-12-01T00:00');
    await page.getByLabel('From').fill('2020-01-01T00:00');
    await page.getByText('The range ends before it begins.').waitFor();
    expect(await page.getByRole('button', { name: 'Start back-test' }).isDisabled()).toBe(true);
  });

  test('is a link others can open; who may not start one sees it all the same', async () => {
    const { page } = viewer;
    await page.goto(at('/governance?tab=backtest'));
    await page.getByText('Only an admin starts a back-test.').waitFor();
    await page.getByRole('table', { name: /Back-tests/ }).getByRole('link', { name: 'Queries ask, mail goes' }).click();
    await page.getByText('2 looser, 2 stricter').waitFor();
    await expectAccessible(page, 'a back-test in the dark');
    await phone.page.goto(page.url());
    await phone.page.getByText('2 looser, 2 stricter').waitFor();
    await noSidewaysScroll(phone.page);
    await expectAccessible(phone.page, 'a back-test on a phone');
  });

  test('of many decisions shows how far it is and stops when told to', async () => {
    await lengthenHistory({ batches: 20, batchSize: 500 });
    const { page } = admin;
    await page.goto(at('/governance?tab=backtest'));
    await startBackTest(page, demoPolicy.name);
    await page.getByRole('progressbar', { name: 'Decisions judged anew' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/^Stopped after|Cancelled/).first().waitFor({ timeout: 60_000 });
    const { status, done, total } = await person.api.call('getBackTest', { params: { id: new URL(page.url()).searchParams.get('back_test') ?? '' } });
    expect(status).toBe('cancelled');
    expect(done).toBeLessThan(total);
    expect(total).toBe(60_006);
  });
});

describe('the audit log', () => {
  const rows = (page: Page) => page.getByRole('list', { name: /Audit log/ }).locator(':scope > li');

  test('says who did what from where, with what was before and after', async () => {
    const { page } = admin;
    await page.goto(at('/governance?tab=audit'));
    await page.getByLabel('Action', { exact: true }).selectOption('policy.*');
    await page.waitForURL(/action=policy/);
    await rows(page).filter({ hasText: 'Policy: create' }).first().waitFor();
    expect(await rows(page).filter({ hasNotText: 'Policy:' }).count()).toBe(0);
    await rows(page).filter({ hasText: '127.0.0.1' }).first().getByRole('button').first().click();
    await page.getByText('Queries ask, mail goes').first().waitFor();
    await page.getByRole('button', { name: 'Everything by this person' }).click();
    await page.waitForURL((url) => url.searchParams.has('actor') && !url.searchParams.has('action'));
    await page.reload();
    await rows(page).filter({ hasText: 'Back test: cancel' }).first().waitFor();
    expect(await rows(page).filter({ hasNotText: 'Admin' }).count()).toBe(0);
    await expectAccessible(page, 'the audit log');
  });

  test('is narrowed to a range, and says when nothing matches', async () => {
    const { page } = admin;
    await page.goto(at('/governance?tab=audit'));
    await page.getByText(/^When:/).click();
    await page.getByLabel('To', { exact: true }).fill('2020-01-01T00:00');
    await page.getByText('No entry matches.').waitFor();
    await page.getByText('Filtered by range.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rows(page).first().waitFor();
    await phone.page.goto(at('/governance?tab=audit'));
    await rows(phone.page).first().waitFor();
    await phone.page.getByText('Chain verified').waitFor();
    await noSidewaysScroll(phone.page);
    await expectAccessible(phone.page, 'the audit log on a phone');
  });

  test('can be taken away and verified elsewhere; a changed line is found', async () => {
    const { page } = viewer;
    await page.goto(at('/governance?tab=audit'));
    await page.getByText('Chain verified').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /Sealed log/ }).click()]);
    expect(download.suggestedFilename()).toBe('audit.ndjson');
    const file = join(product.dataDir, 'audit.ndjson');
    await download.saveAs(file);
    const verify = (...args: string[]): Promise<number | null> => startProcess('scripts/verify-audit.ts', {}, args).exited;
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const { hash } = JSON.parse(lines.at(-1) ?? '{}') as { hash: string };
    expect(await verify(file, '--head', hash)).toBe(0);
    await writeFile(file, `${lines.join('\n').replace('Vera Viewer', 'Vera Admin')}\n`);
    expect(await verify(file)).toBe(1);
  });

  test('says at which entry its chain is broken', async () => {
    await inDatabase(async (client) => {
      await client.query('alter table audit_log disable trigger user');
      await client.query(`update audit_log set actor_name = 'Nobody' where sequence = 3`);
      await client.query('alter table audit_log enable trigger user');
    });
    const { page } = viewer;
    await page.goto(at('/governance?tab=audit'));
    await page.getByText('Chain broken').waitFor();
    await page.getByText('Entry 3 was changed: its hash does not fit what it says.').waitFor();
    await expectAccessible(page, 'a broken chain');
  });
});
