// `npm test`: brings what the suites need (Temporal, PostgreSQL, a browser, the built app), runs all of them and ends with the sum.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalBinary } from '../embedded/temporal-binary.ts';
import { startRealPostgres } from '../tests/support/real-postgres.ts';
import { build } from './build.ts';

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

interface Sum {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs vitest once and reads its own figures; a run that printed none counts as one failure. */
async function runSuite(name: string, args: readonly string[], env: Record<string, string>): Promise<Sum> {
  log(name);
  const folder = await mkdtemp(join(tmpdir(), 'maestro-test-'));
  const report = join(folder, 'report.json');
  const exitCode = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('exit', (code) => resolve(code ?? 1));
  });
  try {
    const figures = JSON.parse(await readFile(report, 'utf8')) as { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number; numFailedTestSuites: number };
    // A file that could not even be loaded fails without a failed test.
    const failed = Math.max(figures.numFailedTests, figures.numFailedTests === 0 && exitCode !== 0 ? Math.max(1, figures.numFailedTestSuites) : 0);
    return { passed: figures.numPassedTests, failed, skipped: figures.numPendingTests + figures.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
const total = sums.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed, skipped: sum.skipped + one.skipped }));
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
