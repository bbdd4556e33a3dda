import { useRef, useState } from 'react';

/**
 * Tests what a form holds before it is saved. `subject` says what the values are about, without secrets; an outcome is of the values
 * it was made with and no others.
 */
export const useDraftTest = <Result>(subject: string) => {
  const [state, setState] = useState<{ subject: string; result: Result }>();
  const [runningSubject, setRunningSubject] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const stop = (): void => {
    running.current?.abort();
    running.current = undefined;
    setRunningSubject(undefined);
  };
  /** Throws what the server refuses, so that it lands on the fields. */
  const run = async (send: (signal: AbortSignal) => Promise<Result>): Promise<void> => {
    stop();
    const controller = new AbortController();
    running.current = controller;
    setRunningSubject(subject);
    try {
      const result = await send(controller.signal);
      if (running.current === controller) setState({ subject, result });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      if (running.current === controller) stop();
    }
  };
  return { result: state?.result, isCurrent: state?.subject === subject, isTesting: runningSubject !== undefined, run, stop };
};
