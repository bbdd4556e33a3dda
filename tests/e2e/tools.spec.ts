// Tools as an admin sets them up, an agent uses them and an approver lets them act: a real browser on the real product, a real database, MCP
// server, mail and web server behind the tools; only the model is the test's.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, signInAs } from '../support/api.ts';
import { expectAccessible, launchBrowser, type Visitor, visit } from '../support/browser.ts';
import { programs } from '../support/mcp.ts';
import { type OpenAiServer, startOpenAiServer } from '../support/openai-server.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type RealPostgres, startRealPostgres } from '../support/real-postgres.ts';

let product: Product;
let browser: Browser;
let model: OpenAiServer;
let shop: RealPostgres;
let admin: Visitor;
let phone: Visitor;
let person: Person;
/** A service outside: keeps what it is sent, and hangs up on /hang-up after it has read it. */
let service: Server;
const received: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];

const password = 'reader-password-e2e-77';
const key = 'tracker-key-of-the-test-5f1c';
/** One pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const serviceHost = (): string => `127.0.0.1:${(service.address() as AddressInfo).port}`;
const at = (path: string): string => new URL(path, product.url).href;

async function fillShop(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(`
    create table orders (id bigint primary key, customer text, total numeric(20, 2), note text);
    insert into orders values (9007199254740993, 'Bérénice', 123456789012345678.10, null), (2, '<b>Aïcha</b>', 0.10, 'NULL');
    create role reader login password '${password}';
    grant select on orders to reader;`);
  await client.end();
}

beforeAll(async () => {
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      if (request.url === '/hang-up') request.socket.destroy();
      else response.writeHead(201, { 'content-type': 'application/json' }).end('{"issue":17,"seen":"<script>alert(1)</script>"}');
    });
  });
  await new Promise<void>((resolve) => { service.listen(0, '127.0.0.1', resolve); });
  [product, browser, model, shop] = await Promise.all([startProduct({ env: { HTTP_TOOL_ALLOW_HOSTS: serviceHost() } }), launchBrowser(), startOpenAiServer(), startRealPostgres()]);
  await fillShop(shop.connectionString);
  person = await signInAs(() => product.url, product.adminEmail, product.adminPassword);
  await person.api.call('createConnection', { body: { name: 'Test server', api: 'openai', base_url: model.baseUrl, api_key: 'sk-test' } });
  admin = await visit(browser);
  await admin.page.goto(product.signInLink);
  await admin.page.waitForURL('**/maestro');
  phone = await visit(browser, { viewport: { width: 390, height: 844 }, theme: 'dark' });
  await phone.page.goto(at('/sign-in'));
  await phone.page.getByLabel('E-mail').fill(product.adminEmail);
  await phone.page.getByLabel('Password', { exact: true }).fill(product.adminPassword);
  await phone.page.keyboard.press('Enter');
  await phone.page.waitForURL('**/maestro');
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await model?.close();
  service?.closeAllConnections();
  service?.close();
  await product?.remove();
  await shop?.stop();
});

/** Nothing of these may stand in the page, its addresses or what the browser keeps. */
async function expectHidden(page: Page, ...secrets: string[]): Promise<void> {
  const kept = `${await page.content()}${page.url()}${await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))}`;
  for (const secret of secrets) expect(kept).not.toContain(secret);
}

describe('an admin', () => {
  test('adds a database agents may read; it passes its test, and its password is nowhere to be seen', async () => {
    const { page } = admin;
    const address = new URL(shop.connectionString);
    await page.goto(at('/integrations?tab=data-sources'));
    await page.getByRole('button', { name: 'Add data source' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel(/^Name/).fill('shop');
    await sheet.getByLabel(/^Address/).fill(`postgres://reader@${address.host}/postgres`);
    await sheet.getByLabel('Password', { exact: true }).fill(password);
    await sheet.getByRole('button', { name: 'Test', exact: true }).click();
    await sheet.getByText('The test passed.').waitFor({ timeout: 60_000 });
    await sheet.getByRole('button', { name: 'Add data source' }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.getByText('shop', { exact: true }).first().waitFor();
    await expectHidden(page, password);
    await expectAccessible(page, 'data sources');
  });

  test('keeps a secret for one host, and never sees it again', async () => {
    const { page } = admin;
    await page.goto(at('/integrations?tab=secrets'));
    await page.getByRole('button', { name: 'Add secret' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel(/^Name/).fill('tracker');
    await sheet.getByLabel(/^Value/).fill(key);
    await sheet.getByLabel(/^Hosts/).fill(serviceHost());
    await sheet.getByRole('button', { name: 'Add secret' }).click();
    await sheet.waitFor({ state: 'detached' });
    await page.getByText('{{secret:tracker}}').first().waitFor();
    await expectHidden(page, key);
  });

  test('adds an MCP server as a program, reads what a tool of it says, and switches that one on', async () => {
    const { page } = admin;
    const { command, args } = programs.everything();
    await page.goto(at('/integrations?tab=mcp-servers'));
    await page.getByRole('button', { name: 'Add MCP server' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel(/^Name/).fill('Everything');
    await sheet.getByLabel(/^Short name/).fill('every');
    await sheet.getByRole('radio', { name: /As a program/ }).check();
    await sheet.getByLabel(/^Program/).fill(command);
    await sheet.getByLabel(/^Arguments/).fill(args?.join('\n') ?? '');
    await sheet.getByRole('button', { name: 'Add MCP server' }).click();
    await sheet.waitFor({ state: 'detached', timeout: 60_000 });
    await page.getByRole('button', { name: 'Review mcp_every_echo' }).click({ timeout: 60_000 });
    const review = page.getByRole('dialog', { name: 'mcp_every_echo' });
    await expectAccessible(page, 'the review of a tool');
    await review.getByRole('button', { name: /^Switch on/ }).click();
    await page.getByText('mcp_every_echo is on').first().waitFor();
  });

  test('gives an agent tools by where they come from, and of a server only what was switched on', async () => {
    const { page } = admin;
    await page.goto(at('/agents?create=true'));
    const form = page.getByRole('dialog');
    await form.getByLabel(/^Name/).fill('Clerk');
    await form.getByLabel(/^Purpose/).fill('Reads orders and tells people of them.');
    await form.getByRole('radio', { name: /Test server/ }).check();
    await form.getByLabel(/^Model/).fill('test-model');
    const picker = form.getByRole('group', { name: /^Tools/ });
    for (const name of ['run_sql', 'execute_python', 'http_request', 'send_email']) await picker.getByRole('region', { name: 'Built in' }).getByRole('checkbox', { name, exact: true }).check();
    const server = picker.getByRole('region', { name: 'Everything' });
    await server.getByRole('checkbox', { name: 'mcp_every_echo' }).check();
    expect(await picker.getByRole('checkbox', { name: /^mcp_every_/ }).count()).toBe(1);
    await expectAccessible(page, 'the tools of the agent form');
    await form.getByRole('button', { name: 'Create agent' }).click();
    await page.waitForURL('**/maestro/agents/*');
    await page.getByText('Agent created successfully').first().waitFor();
  });
});

describe('a run', () => {
  let runUrl: string;
  const openStep = async (page: Page, tool: string): Promise<void> => {
    await page.goto(runUrl);
    await page.getByRole('treegrid').getByRole('row', { name: `Tool ${tool}` }).last().click();
    await page.getByRole('tab', { name: 'Output' }).click();
  };

  test('shows rows exactly as they were read, what a program came to with its files, and what an MCP server said', async () => {
    const { page } = admin;
    await page.goto(at('/agents'));
    await page.getByRole('row', { name: /Clerk/ }).getByRole('button', { name: /Run/ }).click();
    await page.getByRole('dialog').getByLabel(/Goal/).fill('Tell people of the orders.');
    await page.keyboard.press('Control+Enter');
    await page.waitForURL('**/maestro/runs/*');
    runUrl = page.url().split('?')[0] as string;
    const first = await model.next();
    expect(first.tools).toEqual(expect.arrayContaining(['run_sql', 'execute_python', 'http_request', 'send_email', 'mcp_every_echo']));
    first.call(
      { name: 'run_sql', arguments: { data_source: 'shop', query: 'select * from orders order by id desc' } },
      { name: 'execute_python', arguments: { code: `import base64\nopen('chart.png', 'wb').write(base64.b64decode('${png}'))\nopen('orders.csv', 'w').write('id,total\\n2,0.10\\n')\nprint('two files')\n[{'day': 'Monday', 'orders': 2}]` } },
      { name: 'mcp_every_echo', arguments: { message: 'Hello <i>there</i>' } },
    );
    const second = await model.next();
    expect(second.messages.filter(({ role }) => role === 'tool')).toHaveLength(3);
    second.call({ name: 'http_request', arguments: { method: 'POST', url: `http://${serviceHost()}/issues`, headers: { authorization: 'Bearer {{secret:tracker}}', 'content-type': 'application/json' }, body: '{\n\t"title":  "Two orders"\n}\n' } });

    await openStep(page, 'run_sql');
    const rows = page.getByRole('region', { name: 'Rows' });
    expect(await rows.locator('thead').innerText()).toMatch(/id\s+bigint\s+customer\s+text\s+total\s+numeric/);
    const cells = await rows.locator('tbody tr').first().locator('td').allInnerTexts();
    expect(cells).toEqual(['9007199254740993', 'Bérénice', '123456789012345678.10', 'NULL']);
    expect(await rows.locator('tbody tr').nth(1).locator('td').allInnerTexts()).toEqual(['2', '<b>Aïcha</b>', '0.10', 'NULL']);
    await expectAccessible(page, 'rows of a query');
    await openStep(page, 'mcp_every_echo');
    await page.getByText('Hello <i>there</i>').first().waitFor();
    await openStep(page, 'execute_python');
    await page.getByRole('img', { name: 'chart.png' }).waitFor();
    expect(await page.evaluate<number>('document.querySelector("img[alt=\'chart.png\']").naturalWidth')).toBe(1);
    await page.getByText('two files').first().waitFor();
    await page.getByRole('cell', { name: 'Monday' }).waitFor();
    await expectAccessible(page, 'what a program came to');
  });

  test('lists its files, which are looked at and downloaded', async () => {
    const { page } = admin;
    await page.goto(runUrl);
    await page.getByRole('heading', { name: 'Files' }).waitFor();
    await page.getByRole('button', { name: 'Show orders.csv' }).click();
    await page.locator('section', { has: page.getByRole('heading', { name: 'Files' }) }).getByText('id,total').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download orders.csv' }).click()]);
    expect(download.suggestedFilename()).toBe('orders.csv');
    expect(await readFile(await download.path(), 'utf8')).toBe('id,total\n2,0.10\n');
  });

  test('sends a secret only where the approver read that it goes; its value is in no page', async () => {
    const { page } = phone;
    await page.goto(runUrl);
    await page.getByText(`With the secret tracker, sent to ${serviceHost()} only.`).waitFor({ timeout: 60_000 });
    await page.getByText('28 characters, 4 lines, ends with a line break').waitFor();
    await expectAccessible(page, 'a request that waits');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: /^Approve/ }).first().click();
    await page.getByRole('alertdialog').getByRole('button', { name: /^Approve/ }).click();
    const third = await model.next();
    expect(received.at(-1)).toMatchObject({ path: '/issues', body: '{\n\t"title":  "Two orders"\n}\n', headers: { authorization: `Bearer ${key}` } });
    const chart = (await person.api.call('listRunFiles', { params: { run_id: runUrl.split('/').at(-1) ?? '' } })).items.find(({ name }) => name === 'chart.png');
    third.call({ name: 'send_email', arguments: { to: ['lead@example.com'], bcc: ['audit@example.org'], subject: 'Two orders', text: 'There are two.', html: '<p style="color:red">There are <b>two</b>.</p><script>document.title = "taken"</script><img src="https://tracker.example/x.gif">', attachments: [{ file: chart?.id }] } });
    await openStep(admin.page, 'http_request');
    await admin.page.getByText('"seen":"<script>alert(1)</script>"').first().waitFor();
    await expectHidden(admin.page, key);
    await expectHidden(page, key);
  });

  test('shows the HTML of an e-mail without letting it act, and links the delivered one', async () => {
    const { page } = admin;
    await page.goto(runUrl);
    await page.getByText('Bcc, hidden from the others').waitFor({ timeout: 60_000 });
    await page.getByText('audit@example.org').first().waitFor();
    await page.getByRole('button', { name: 'Show chart.png' }).first().click();
    await page.getByRole('img', { name: 'chart.png' }).first().waitFor();
    const preview = page.frameLocator('iframe[title="Preview of the HTML"]');
    await preview.getByText('There are two.').waitFor();
    await preview.getByText('[picture from https://tracker.example/x.gif]').waitFor();
    expect(await page.locator('iframe[title="Preview of the HTML"]').getAttribute('sandbox')).toBe('');
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.getByText('<script>document.title = "taken"</script>').waitFor();
    expect(await page.title()).not.toContain('taken');
    await page.getByRole('button', { name: /^Approve/ }).first().click();
    await page.getByRole('alertdialog').getByRole('button', { name: /^Approve/ }).click();
    (await model.next()).call({ name: 'http_request', arguments: { method: 'POST', url: `http://${serviceHost()}/hang-up`, body: 'once' } });
    await openStep(page, 'send_email');
    await page.getByRole('link', { name: 'Read the e-mail in the outbox' }).click();
    await page.waitForURL(/tab=outbox/);
    await page.getByRole('heading', { name: 'Two orders' }).waitFor();
    await page.getByText('chart.png').first().waitFor();
  });

  test('asks a person when nobody knows whether something happened, says what follows from each answer, and does not do it again', async () => {
    const { page } = phone;
    await page.goto(runUrl);
    await page.getByRole('button', { name: /^Approve/ }).first().click({ timeout: 60_000 });
    await page.getByRole('alertdialog').getByRole('button', { name: /^Approve/ }).click();
    await page.getByText('Outcome unknown').first().waitFor({ timeout: 60_000 });
    await page.getByText(/Maestro never does such a thing a second time by itself/).waitFor();
    await page.getByText(/If it did happen before, it happens twice/).first().waitFor();
    await expectAccessible(page, 'a question of outcome on a phone');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'It happened' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'It happened' }).click();
    (await model.next()).say('People have been told.');
    await page.getByText('Completed').first().waitFor({ timeout: 60_000 });
    expect(received.filter(({ path }) => path === '/hang-up')).toHaveLength(1);
  });
});

describe('a tool that is switched off', () => {
  test('stays in the definition, marked with why and where that is changed, and is not offered to the model', async () => {
    const { page } = admin;
    const { items } = await person.api.call('listToolSettings');
    await person.api.call('updateToolSettings', { params: { name: 'send_email' }, body: { is_enabled: false, version: items.find(({ name }) => name === 'send_email')?.version ?? 0 } });
    const clerk = (await person.api.call('listAgents', { query: { text: 'Clerk' } })).items[0];
    await page.goto(at(`/maestro/agents/${clerk?.id}?tab=tools`));
    await page.getByText('Not offered', { exact: true }).waitFor();
    await page.getByRole('link', { name: /Change this/ }).click();
    await page.waitForURL(/tab=tools/);
    await page.getByRole('dialog').getByText('send_email').first().waitFor();
    await person.startRun(clerk?.id ?? '', 'Anything?');
    const request = await model.next();
    expect(request.tools).not.toContain('send_email');
    request.say('No.');
    // Inline styles of the e-mail's HTML are refused by the page's policy while it is read, which is what is wanted.
    expect([...admin.complaints, ...phone.complaints].filter((complaint) => !complaint.includes('Content Security Policy'))).toEqual([]);
  });
});
