import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../tests/support/product.ts';
import { until } from '../../tests/support/until.ts';

const run = promisify(execFile);
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const body = '{"type":"webhook.test","timestamp":"2026-11-29T12:00:00.000Z","data":null}';
const headersOf = (at = new Date()): Record<string, string> => ({ 'webhook-id': 'n1', 'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)), 'webhook-signature': new StandardWebhook(secret).sign('n1', at, body) });
const anHourAgo = new Date(Date.now() - 3_600_000);

let folder: string;
let guide: string;
const exampleIn = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(guide)?.[1] ?? '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-guide-'));
  guide = await readFile(new URL('./notices.md', import.meta.url), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the receiver in Node takes what is signed and refuses what is not, was changed, or is old', async () => {
  const script = join(folder, 'receiver.mjs');
  await writeFile(script, exampleIn('js'));
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  const port = await freePort();
  const receiver = spawn(process.execPath, [script], { env: { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) }, stdio: 'ignore' });
  try {
    const post = async (headers: Record<string, string>, sent = body): Promise<number> => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent })).status;
    expect(await until('the receiver', () => post(headersOf()))).toBe(204);
    expect([await post(headersOf(), `${body} `), await post(headersOf(anHourAgo)), await post({})]).toEqual([401, 401, 401]);
  } finally {
    receiver.kill('SIGKILL');
  }
});

test('the check in Python agrees', async () => {
  const script = join(folder, 'check.py');
  await writeFile(script, `${exampleIn('python')}\nimport json, sys\nprint([verify(headers, body.encode()) for headers, body in json.loads(sys.argv[1])])\n`);
  const { stdout } = await run('python3', [script, JSON.stringify([[headersOf(), body], [headersOf(), `${body} `], [headersOf(anHourAgo), body], [{ ...headersOf(), 'webhook-signature': `v1,AAAA ${headersOf()['webhook-signature']}` }, body]])], { env: { ...process.env, WEBHOOK_SECRET: secret } });
  expect(stdout.trim()).toBe('[True, False, False, True]');
});
