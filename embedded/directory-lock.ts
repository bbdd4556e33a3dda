import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Locks a directory for this process, or returns undefined while another has it. The lock is the operating system's (taken through
 * SQLite, the one way Node offers), so it ends with its process, however that ends: there are no stale locks.
 */
export function lockDirectory(directory: string): { release(): void } | undefined {
  const lock = new DatabaseSync(join(directory, '.lock'), { timeout: 0 });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === 5) return undefined; // SQLITE_BUSY
    throw error;
  }
  return { release: () => lock.close() };
}

/** As {@link lockDirectory}, but waits up to `waitMs` for a process that is about to end. @throws Error when it does not. */
export async function waitForDirectoryLock(directory: string, waitMs: number): Promise<{ release(): void }> {
  for (const deadline = Date.now() + waitMs; ; ) {
    const lock = lockDirectory(directory);
    if (lock !== undefined) return lock;
    if (Date.now() > deadline) throw new Error(`error: ${directory} is in use by another process`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
