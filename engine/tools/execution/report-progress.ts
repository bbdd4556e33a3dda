import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { updateStep } from '../../../db/repositories/steps.repository.ts';
import type { Secrets } from '../../secrets/index.ts';

const intervalMs = 1_000;

/** Writes how far a call has come into its step, at most once a second, each time only the newest. Best effort: the outcome does not hang on it. */
export function createProgressReporter({ db, secrets }: { db: Kysely<Database>; secrets: Pick<Secrets, 'mask'> }, { toolCallId, toolName }: { toolCallId: string; toolName: string }): { report(text: string): void; /** Nothing is written after this resolved. */ stop(): Promise<void> } {
  let newest: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let isStopped = false;
  const write = (): void => {
    timer = undefined;
    const text = newest;
    newest = undefined;
    if (text === undefined || isStopped) return;
    timer = setTimeout(write, intervalMs);
    writing = writing
      .then(async () => {
        const summary = await secrets.mask(text);
        // The call may have ended without this attempt: with its run, or by the attempt after it.
        if (!isStopped) await updateStep(db, { toolCallId, kind: 'tool', onlyRunning: true }, { status: 'running', summary }, toolName);
      })
      .catch(() => undefined);
  };
  return {
    report(text) {
      newest = text;
      if (timer === undefined && !isStopped) write();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await writing;
    },
  };
}
