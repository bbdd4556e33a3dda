// Outlives the process that started it by a moment: ends the process groups it was told of as soon as its standard input closes, which
// it does however that process went. Lines are `+<group>` and `-<group>`.
import process from 'node:process';
import { createInterface } from 'node:readline';

/** As long as a program may take to end on its own. */
const graceMs = 2_000;

const groups = new Set<number>();
const signalAll = (signal: 'SIGTERM' | 'SIGKILL'): void => {
  for (const group of groups) {
    try {
      process.kill(-group, signal);
    } catch {
      groups.delete(group);
    }
  }
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const group = Number(line.slice(1));
    if (!Number.isSafeInteger(group) || group <= 1) return;
    if (line.startsWith('+')) groups.add(group);
    else groups.delete(group);
  })
  .on('close', () => {
    signalAll('SIGTERM');
    if (groups.size > 0) setTimeout(() => signalAll('SIGKILL'), graceMs);
  });

// Whoever stops its parent by signal does not stop it before its parent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
