import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/lib/api-client.ts';
import { apiQueryKey, refresh } from '@/lib/api-query.ts';
import type { Arguments } from './argument-items.ts';

export type Decision =
  | { verdict: 'approve'; editedArguments?: Arguments; note?: string }
  | { verdict: 'reject'; reason: string }
  | { verdict: 'confirm_happened'; note?: string };

/**
 * Sends a decision on the request as it was read: with its version and the hash of the arguments on the screen, so that the
 * server refuses it when either has changed. Never optimistic. Whatever the answer, the request is read again.
 */
export const useDecision = (seen: ApprovalRequest) => {
  const client = useQueryClient();
  const params = { id: seen.id };
  const bound = { version: seen.version, arguments_hash: seen.arguments_hash };
  return useMutation({
    mutationFn: (decision: Decision): Promise<ApprovalRequest> => {
      switch (decision.verdict) {
        case 'approve':
          return api.call('approveRequest', {
            params,
            body: {
              ...bound,
              ...(decision.editedArguments === undefined ? {} : { edited_arguments: decision.editedArguments as never }),
              ...(decision.note ? { note: decision.note } : {}),
            },
          });
        case 'reject': return api.call('rejectRequest', { params, body: { ...bound, reason: decision.reason } });
        case 'confirm_happened': return api.call('confirmHappened', { params, body: { ...bound, ...(decision.note ? { note: decision.note } : {}) } });
      }
    },
    onSuccess: (settled) => {
      client.setQueryData(apiQueryKey('getApproval', { params }), settled);
      void refresh(client, 'listApprovals', 'getDashboard', 'getRun', 'listRuns', 'countRuns', 'listSteps', 'listAudit');
    },
    onError: () => refresh(client, 'getApproval', 'listApprovals'),
  });
};
