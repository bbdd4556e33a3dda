import process from 'node:process';
import { ConfigError } from '../platform/config.ts';
import { StartError } from './start-error.ts';

/** Ctrl-C arrives several times at once (terminal, npm, bootstrap); only one this much later means impatience. */
const impatientAfterMs = 2_000;

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * An AbortSignal that fires when a person or the parent process wants this process to end: Ctrl-C, SIGTERM, a closed terminal, or the
 * bootstrap killed. A second wish, seconds later, ends it at once; its children then end by themselves.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let wishedAt: number | undefined;
  const onWish = (): void => {
    if (wishedAt !== undefined && Date.now() - wishedAt > impatientAfterMs) process.exit(130);
    wishedAt ??= Date.now();
    controller.abort(new Error('stopped'));
  };
  for (const name of stopSignals) process.on(name, onWish);
  if (process.channel !== undefined && process.channel !== null) {
    process.on('disconnect', onWish);
    process.channel.unref();
  }
  // A closed terminal must not stop the stopping.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return controller.signal;
}

/** A failure as its reader needs it: one sentence where somebody foresaw it, everything where it is a bug. */
export function printFailure(error: unknown): void {
  if (error instanceof StartError || error instanceof ConfigError) console.error(error.message);
  else console.error(error);
}

/** Starts something, keeps it until it shall stop, stops it. Ends the process with 1 when the start fails. */
export async function runUntilStopped(start: (signal: AbortSignal) => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const signal = stopSignal();
  const keepAlive = setInterval(() => undefined, 1 << 30);
  try {
    const running = await start(signal);
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    console.log('\n· stopping');
    await running.stop();
    console.log('· stopped');
  } catch (error) {
    if (!signal.aborted) {
      printFailure(error);
      process.exit(1);
    }
    console.log('\n· stopped');
  } finally {
    clearInterval(keepAlive);
  }
}
