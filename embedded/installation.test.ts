import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, signInAs } from '../tests/support/api.ts';
import { type Product, startProduct } from '../tests/support/product.ts';
import { until } from '../tests/support/until.ts';
import { demoGoal } from './demo-data/demo-agent.ts';

// One installation through everything that may happen to it; each test goes on where the one before left it.
let product: Product;
let port: number;
let runId: string;
let person: Person;
beforeAll(async () => {
  product = await startProduct();
  port = Number(new URL(product.url).port);
}, 300_000);
afterAll(() => product.remove());

/** Process ids below (and without) this one, with their command lines, whatever session they are in. */
function processesOf(installation: Product): { pid: number; command: string }[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((match) => match !== null);
  const found = new Set([installation.process.pid]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [, pid, parent] of lines) if (found.has(Number(parent)) && !found.has(Number(pid))) grew = found.add(Number(pid)) !== undefined;
  }
  return lines.filter(([, pid]) => found.has(Number(pid)) && Number(pid) !== installation.process.pid).map(([, pid, , command]) => ({ pid: Number(pid), command: command as string })).filter(({ command }) => !command.startsWith('ps '));
}
const pidOf = (pattern: RegExp): number => {
  const found = processesOf(product).find(({ command }) => pattern.test(command));
  if (found === undefined) throw new Error(`no process ${pattern} in ${JSON.stringify(processesOf(product))}`);
  return found.pid;
};
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const signIn = (): Promise<Person> => signInAs(() => product.url, product.adminEmail, product.adminPassword);
const restart = async (): Promise<void> => {
  product = await startProduct({ dataDir: product.dataDir, port });
  person = await signIn();
};

test('the printed password signs in, and a run of the demo agent comes to wait for a person', async () => {
  person = await signIn();
  const [agent] = (await person.api.call('listAgents')).items;
  expect(agent).toMatchObject({ name: 'Support Ticket Analyzer', llm_provider: 'scripted' });
  runId = await person.startRun(agent?.id ?? '', demoGoal);
  expect((await person.pendingApproval(runId)).tool_name).toBe('send_email');
});

test.each([
  ['the worker', /worker\.ts$/, /worker ended \(SIGKILL\)/],
  ['the api', /api\/server\.ts$/, /api ended \(SIGKILL\)/],
  ['the database', /server\.ts \S+\/database \d+ maestro$/, /database ended \(SIGKILL\)/],
  ['Temporal', /^\S*temporal server start-dev/, /temporal ended \(exit code 137\)/],
])('%s is started again when it is killed', async (_name, pattern, line) => {
  const pid = pidOf(pattern);
  process.kill(pid, 'SIGKILL');
  await until('its successor', () => processesOf(product).some((one) => pattern.test(one.command) && one.pid !== pid));
  await until('a line that tells of it', () => line.test(product.process.output()));
  await until('the product to be ready', async () => (await fetch(`${product.url}/readyz`)).ok, { timeoutMs: 120_000 });
});

test('no process outlives a supervisor that is killed, and a start right after it finds the run still waiting', async () => {
  const left = processesOf(product).map(({ pid }) => pid);
  expect(left.length).toBeGreaterThanOrEqual(6);
  await product.process.kill();
  await restart();
  await until('the old processes to end', () => !left.some(isAlive), { timeoutMs: 30_000 });
  expect((await person.run(runId)).status).toBe('waiting_for_approval');
});

test('SIGTERM stops everything in order with exit code 0, and the run is approved and ends after the next start, with one e-mail', async () => {
  const left = processesOf(product).map(({ pid }) => pid);
  expect(await product.stop()).toBe(0);
  expect(left.filter(isAlive)).toEqual([]);
  await restart();
  await person.approve(await person.pendingApproval(runId));
  expect((await person.ended(runId)).status).toBe('completed');
  expect((await person.emails()).filter(({ to }) => to.includes('support-lead@example.com'))).toHaveLength(1);
});

test('neither a password nor a secret is in the logs', () => {
  const logs = execFileSync('sh', ['-c', `cat ${product.dataDir}/logs/*`], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const secrets = JSON.parse(readFileSync(`${product.dataDir}/secrets.json`, 'utf8')) as Record<string, string>;
  expect(logs.length).toBeGreaterThan(0);
  for (const name of ['jwt_secret', 'encryption_key', 'admin_password']) expect(logs.includes(secrets[name] as string), name).toBe(false);
});
