// `npm test`: brings what the suites need (Temporal, PostgreSQL, a browser, the built app), runs all of them and ends with the sum.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalBinary } from '../embedded/temporal-binary.ts';
import { startRealPostgres } from '../tests/support/real-postgres.ts';
import { build } from './build.ts';
import { type Sum, sumPathVariable } from './sum-reporter.ts';

const log = (line: string): void => console.log(`· ${line}`);
const filters = process.argv.slice(2);

/** Debian's browser, installed when this is Debian and we may; elsewhere CHROMIUM_PATH or a browser on the path. */
function findBrowser(): string | undefined {
  const candidates = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return undefined;
  log('installing chromium for the browser tests');
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  return existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined;
}

/** What stands on the database: run on PGlite as well where the unit tests ran on PostgreSQL. */
const databaseSuite = ['db/', 'engine/agents', 'engine/governance/audit', 'engine/governance/back-tests', 'engine/governance/policies', 'engine/hitl', 'engine/llm/answer-cache', 'engine/llm/capacity', 'engine/llm/circuit', 'engine/memory', 'engine/notices', 'engine/people', 'engine/reasoning', 'engine/tools/execution', 'api/routes/runs', 'api/routes/hitl', 'api/routes/groups', 'api/routes/delegations', 'api/routes/policies'];

/** Runs vitest once and reads what its reporter summed; a run that summed nothing, or ended badly with nothing failed, counts as one failure. */
async function runSuite(name: string, args: readonly string[], env: Record<string, string>): Promise<Sum> {
  log(name);
  const folder = await mkdtemp(join(tmpdir(), 'maestro-test-'));
  const path = join(folder, 'sum.json');
  const exitCode = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args, '--reporter=default', '--reporter=./scripts/sum-reporter.ts'], { stdio: 'inherit', env: { ...process.env, ...env, [sumPathVariable]: path } });
    child.once('exit', resolve);
  });
  const nothing: Sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const sum = await readFile(path, 'utf8').then((text) => JSON.parse(text) as Sum, () => nothing);
  await rm(folder, { recursive: true, force: true });
  if (sum.failed > 0 || (exitCode === 0 && sum.passed > 0)) return { ...sum, failures: sum.failures.map((failure) => `${name} · ${failure}`) };
  return { ...sum, failed: 1, failures: [`${name} · vitest ended with ${exitCode ?? 'a signal'} and named no failed test`] };
}

const temporalBinary = await findTemporalBinary(log);
await build(log);
const browser = findBrowser();
if (browser === undefined) log('no browser found: the browser tests are skipped. Install chromium or set CHROMIUM_PATH.');
const postgres = await startRealPostgres(log).catch((error: unknown) => {
  log(`no real PostgreSQL (${error instanceof Error ? error.message.split('\n')[0] : String(error)}): those tests run on PGlite only. They need python3 with pip.`);
  return undefined;
});
const env = { TEMPORAL_BIN: temporalBinary, ...(browser === undefined ? {} : { CHROMIUM_PATH: browser }) };
const onPostgres = postgres === undefined ? undefined : { ...env, MAESTRO_TEST_DATABASE_URL: postgres.connectionString };

const sums: Sum[] = [];
try {
  if (filters.length > 0) {
    sums.push(await runSuite(`tests matching ${filters.join(' ')}`, filters, onPostgres ?? env));
  } else {
    sums.push(await runSuite(`unit tests, databases on ${onPostgres === undefined ? 'PGlite' : 'PostgreSQL'}`, ['--project', 'unit'], onPostgres ?? env));
    if (onPostgres !== undefined) sums.push(await runSuite('database suite on PGlite', ['--project', 'unit', ...databaseSuite], env));
    sums.push(await runSuite('integration: real processes on a real Temporal server', ['--project', 'integration'], onPostgres ?? env));
    if (browser !== undefined) sums.push(await runSuite('the product in a browser', ['--project', 'e2e'], env));
  }
} finally {
  await postgres?.stop();
}
const total = (figure: 'passed' | 'failed' | 'skipped'): number => sums.reduce((sum, one) => sum + one[figure], 0);
for (const failure of sums.flatMap((sum) => sum.failures)) console.log(`✗ ${failure}`);
console.log(`${total('passed')} passed, ${total('failed')} failed${total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''}`);
process.exit(total('failed') === 0 && total('passed') > 0 ? 0 : 1);
