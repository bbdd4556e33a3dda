// Runs a program that is not Node's and ends it when the parent is gone: `guard.ts <directory to lock or ""> <program> [arguments]`.
// Says `{ pid }` of the program over its channel. SIGTERM is passed on; the exit code is the program's.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { waitForDirectoryLock } from './directory-lock.ts';

const [directory = '', program = '', ...args] = process.argv.slice(2);
/** How long a process of an earlier start, that was killed, may take to let go of the directory. */
const lockWaitMs = 20_000;

// Held until this process ends: two programs never work on one directory.
const lock = directory === '' ? undefined : await waitForDirectoryLock(directory, lockWaitMs);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.once('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.once('exit', (code, signal) => {
  lock?.release();
  process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
});
process.on('SIGTERM', () => child.kill('SIGTERM'));
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the parent stops its children in order.
// What it wrote is durable, so the quick end is the safe one: the next start may be waiting for the directory.
process.on('disconnect', () => child.kill('SIGKILL'));
if (child.pid !== undefined) process.send?.({ pid: child.pid });
