import type { CreateRunBody, CreateRunResponse } from '@contracts/runs.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { api } from '@/lib/api-client.ts';
import { refresh } from '@/lib/api-query.ts';
import { createKeyring } from './idempotency-key.ts';

/**
 * Starts a run and opens its page at once. However often it is asked, the same request starts one run: presses while one is under way
 * are dropped, and a try after a lost answer carries the same Idempotency-Key.
 */
export const useStartRun = () => {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const keyFor = useRef<(request: unknown) => string>(undefined);
  const isUnderWay = useRef(false);
  const mutation = useMutation({
    mutationFn: (body: CreateRunBody): Promise<CreateRunResponse> =>
      api.call('createRun', { body, headers: { 'idempotency-key': (keyFor.current ??= createKeyring())(body) } }),
    onSuccess: (run) => {
      void refresh(queryClient, 'listRuns', 'countRuns', 'listAgents', 'getAgent', 'getDashboard');
      void navigate({ to: '/maestro/runs/$runId', params: { runId: run.run_id } });
    },
    // Not after a success: the page is about to change, and a press in that moment would start a second run.
    onError: () => {
      isUnderWay.current = false;
    },
  });
  const start = (body: CreateRunBody): void => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    mutation.mutate(body);
  };
  return { start, isBusy: mutation.isPending || mutation.isSuccess, error: mutation.error };
};
