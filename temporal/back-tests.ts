import type { Client } from '@temporalio/client';
import { AppError } from '../contracts/errors.ts';
import type { BackTestRunner } from '../engine/governance/back-tests/runner.ts';

/** Back-tests as workflows, one each. */
export function createBackTestRunner(_client: Client, _options: { taskQueuePrefix: string }): BackTestRunner {
  const refuse = async (): Promise<never> => {
    throw new AppError('TEMPORAL_UNAVAILABLE', 'back-tests');
  };
  return { start: refuse, cancel: refuse };
}
