import type { Response } from 'express';
import { AppError } from '../contracts/errors.ts';

/** Aborts when whoever asked has gone before the answer. */
export function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) controller.abort(new AppError('BAD_REQUEST', 'The client went away.'));
  });
  return controller.signal;
}
