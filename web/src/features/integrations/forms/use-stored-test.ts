import type { EndpointName } from '@contracts/endpoints.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';

/** Tests something as it is stored; the server keeps the outcome, so the list shows it to everybody. `lists`: what shows it. */
export const useStoredTest = <Test extends { tested_at: string }>({ stored, send, lists }: { stored: Test | null; send: () => Promise<Test | null>; lists: readonly EndpointName[] }) => {
  const queryClient = useQueryClient();
  const [isTesting, setIsTesting] = useState(false);
  const [error, setError] = useState<string>();
  // Shown until the list has it: another test may have been made elsewhere since.
  const [mine, setMine] = useState<Test | null>(null);
  const test = mine !== null && (stored === null || Date.parse(stored.tested_at) < Date.parse(mine.tested_at)) ? mine : stored;
  const run = async (): Promise<void> => {
    if (isTesting) return;
    setIsTesting(true);
    setError(undefined);
    try {
      setMine(await send());
      await refresh(queryClient, ...lists);
    } catch (thrown) {
      setError(sentenceOf(thrown));
    } finally {
      setIsTesting(false);
    }
  };
  return { test, isTesting, error, run };
};
