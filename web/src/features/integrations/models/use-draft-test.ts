import type { ConnectionTest, TestConnectionBody } from '@contracts/connections.ts';
import { useRef, useState } from 'react';
import { api } from '@/lib/api-client.ts';

/**
 * Tests what a form holds before it is saved. `subject` says what the values are about, without the key; an outcome is of the values
 * it was made with and no others.
 */
export const useDraftTest = (subject: string) => {
  const [state, setState] = useState<{ subject: string; test: ConnectionTest }>();
  const [runningSubject, setRunningSubject] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const stop = (): void => {
    running.current?.abort();
    running.current = undefined;
    setRunningSubject(undefined);
  };
  /** Throws what the server refuses, so that it lands on the fields. */
  const run = async (body: TestConnectionBody): Promise<void> => {
    stop();
    const controller = new AbortController();
    running.current = controller;
    setRunningSubject(subject);
    try {
      const test = await api.call('testConnectionDraft', { body, signal: controller.signal });
      if (running.current === controller) setState({ subject, test });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      if (running.current === controller) stop();
    }
  };
  const isCurrent = state?.subject === subject;
  return { test: state?.test, isCurrent, isTesting: runningSubject !== undefined, hasPassed: isCurrent && state.test.passed, run, stop };
};
