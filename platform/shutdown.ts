import type { Logger } from './logger.ts';

/**
 * Runs `stop` once on SIGINT or SIGTERM, then ends the process: 0 when it stopped in time, 1 when it failed or took longer
 * than `graceMs` (default 15 s). A second signal ends it at once.
 * @returns stops the process the same way because it cannot go on, and ends it with 1.
 */
export function onShutdown(logger: Logger, stop: () => Promise<void>, graceMs = 15_000): () => void {
  let isStopping = false;
  const end = (exitCode: 0 | 1): void => {
    isStopping = true;
    setTimeout(() => {
      logger.error({ graceMs }, 'did not stop in time');
      process.exit(1);
    }, graceMs).unref();
    stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        logger.error({ error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) process.exit(1);
    logger.info({ signal }, 'stopping');
    end(0);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    if (!isStopping) end(1);
  };
}
