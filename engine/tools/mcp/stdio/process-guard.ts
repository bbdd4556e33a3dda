import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./process-guard-main.ts', import.meta.url));
/** Process groups that must not outlive this process. */
const groups = new Set<number>();
let guard: (ChildProcess & { stdin: Writable }) | undefined;

/** One small process for all programs of this one: it sees when this process is gone, even killed, which no handler in here can. */
function start(): void {
  const child = spawn(process.execPath, [script], { detached: true, env: {}, stdio: ['pipe', 'ignore', 'ignore'] });
  const lose = (): void => {
    if (guard === child) guard = undefined;
  };
  child.once('exit', lose);
  child.once('error', lose);
  child.stdin.on('error', lose);
  // It must not keep this process from ending.
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  guard = child;
  for (const group of groups) child.stdin.write(`+${group}\n`);
}

/** Has a process group ended when this process ends, whatever ends it. Call it right after the group's leader was started. */
export function watchGroup(group: number): void {
  groups.add(group);
  if (guard === undefined) start();
  else guard.stdin.write(`+${group}\n`);
}

/** The group has ended: its number may be another's soon. */
export function unwatchGroup(group: number): void {
  if (groups.delete(group)) guard?.stdin.write(`-${group}\n`);
}
