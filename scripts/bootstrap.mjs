// Runs one of the project's TypeScript files on the Node that the project brings along, after installing what is missing.
// The only file that runs on the machine's own Node (20.19 or newer) and before there are packages: plain JavaScript, built-ins only.
//   node scripts/bootstrap.mjs <file.ts> [arguments]
//   node scripts/bootstrap.mjs --install-only
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';
const binDir = join(root, 'node_modules', '.bin');
const ownNode = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
/** Written after an installation that ended well, with the hash of the lock file it followed. */
const marker = join(root, 'node_modules', '.maestro-lock');
const [script, ...args] = process.argv.slice(2);

/** One sentence, and an exit code that says so. */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const lockHash = () => createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

/** Whether somebody already installed exactly what the lock file asks for, by npm's own record of what lies in node_modules. */
function isInstalledByHand() {
  const record = readText(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined || !existsSync(ownNode)) return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, peer }]) => path === '' || optional || peer || installed[path]?.version === version);
}

/** Runs npm, says every 15 s that it still does, and returns how it ended. */
function npm(command) {
  // Short waits between attempts: without a registry this must end in a sentence, not in minutes of silence.
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=warn', '--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const cli = process.env.npm_execpath;
  const [program, first] = cli !== undefined && /npm-cli\.c?js$/.test(cli) ? [process.execPath, [cli]] : [isWindows ? 'npm.cmd' : 'npm', []];
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(program, [...first, command, ...flags], { cwd: root, stdio: ['ignore', 'inherit', 'pipe'], shell: isWindows && first.length === 0 });
    const ticking = setInterval(() => console.log(`  still installing (${Math.round((Date.now() - startedAt) / 1000)} s)`), 15_000);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.once('error', (error) => {
      clearInterval(ticking);
      resolve({ code: 127, said: error.message });
    });
    child.once('close', (code, signal) => {
      clearInterval(ticking);
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), said });
    });
  });
}

async function install() {
  const hash = lockHash();
  if (readText(marker) === hash && existsSync(ownNode)) return;
  if (!isInstalledByHand()) {
    console.log('· installing packages, which takes a minute or two the first time');
    let { code, said } = await npm('ci');
    const hasNoRegistry = () => /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)\b/.test(said);
    if (code === 130 || code === 143) process.exit(code);
    if (code !== 0 && !hasNoRegistry()) {
      console.log('  "npm ci" did not work, trying "npm install"');
      ({ code, said } = await npm('install'));
    }
    if (code === 127) fail(`npm could not be started (${said}); install it beside Node and try again.`);
    if (code !== 0 && hasNoRegistry()) fail('The package registry cannot be reached: check the network, the proxy and "npm config get registry", then run this again.');
    if (code !== 0) fail(`${said.trim()}\nThe packages could not be installed; npm's own words are above.`);
    if (!existsSync(ownNode)) fail('The packages are installed, but the Node they bring (package "node") is not: allow its install script (npm config get ignore-scripts) and run this again.');
    console.log('· packages installed');
  }
  writeFileSync(marker, lockHash());
}

/** As exec would: same arguments, terminal, signals and exit code. */
function run() {
  const child = spawn(ownNode, [join(root, script), ...args], {
    // The channel tells the child when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // Compiled code (and types stripped) is kept: it halves what every later start of a process costs.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'maestro-compile'), ...process.env, PATH: `${binDir}${delimiter}${process.env.PATH ?? ''}` },
  });
  // Ctrl-C reaches the whole terminal group, so the child has it already; this process only waits for it to finish.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  child.once('error', (error) => fail(`${ownNode} could not be started: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed to start; this is ${process.versions.node}.`);
if (script === undefined) fail('Usage: node scripts/bootstrap.mjs <file.ts> [arguments] | --install-only');
await install();
if (script !== '--install-only') run();
