import type { Connection, ConnectionTest } from '@contracts/connections.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';

/** Tests a connection as it is stored; its outcome is kept by the server, so the list shows it to everybody. */
export const useStoredTest = (connection: Connection) => {
  const queryClient = useQueryClient();
  const [isTesting, setIsTesting] = useState(false);
  const [error, setError] = useState<string>();
  // Shown until the list has it: another test may have been made elsewhere since.
  const [mine, setMine] = useState<ConnectionTest>();
  const stored = connection.last_test;
  const test = mine !== undefined && (stored === null || Date.parse(stored.tested_at) < Date.parse(mine.tested_at)) ? mine : stored;
  const run = async (): Promise<void> => {
    if (isTesting) return;
    setIsTesting(true);
    setError(undefined);
    try {
      setMine(await api.call('testConnection', { params: { id: connection.id }, body: {} }));
      await refresh(queryClient, 'listConnections', 'listIntegrations');
    } catch (thrown) {
      setError(sentenceOf(thrown));
    } finally {
      setIsTesting(false);
    }
  };
  return { test, isTesting, error, run };
};
