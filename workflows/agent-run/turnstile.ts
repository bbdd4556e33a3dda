/**
 * Lets at most one of the wrapped functions run at a time, in the order they were called.
 *
 * Local activities need this: live they resolve in the order they finish, on replay in the order they were scheduled. Two side by
 * side, each followed by a command, give a history that does not replay.
 */
export function createTurnstile() {
  let last: Promise<unknown> = Promise.resolve();
  return <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> => {
      const result = last.then(() => work(...args));
      last = result.catch(() => undefined);
      return result;
    };
}
