import type { ApprovalDetails, ApprovalRequest } from '@contracts/approvals.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/lib/api-client.ts';
import { apiQueryKey, refresh } from '@/lib/api-query.ts';
import type { Arguments } from '../arguments/argument-items.ts';

export type Decision =
  | { verdict: 'approve'; editedArguments?: Arguments; note?: string }
  | { verdict: 'reject'; reason: string }
  | { verdict: 'confirm_happened'; note?: string }
  | { verdict: 'answer'; answer: string }
  | { verdict: 'provide_result'; result: unknown; note?: string }
  /** Decides nothing: lets it wait longer. */
  | { verdict: 'extend'; expiresAt: string };

const noteOf = ({ note }: { note?: string }): { note?: string } => (note === undefined || note === '' ? {} : { note });

/**
 * Sends a decision on the request as it was read: with its version and the hash of the arguments on the screen, so that the
 * server refuses it when either has changed. Never optimistic. Whatever the answer, the request is read again.
 */
export const useDecision = (seen: ApprovalRequest) => {
  const client = useQueryClient();
  const params = { id: seen.id };
  const bound = { version: seen.version, arguments_hash: seen.arguments_hash };
  return useMutation({
    mutationFn: (decision: Decision): Promise<ApprovalDetails> => {
      switch (decision.verdict) {
        case 'approve':
          return api.call('approveRequest', {
            params,
            body: { ...bound, ...(decision.editedArguments === undefined ? {} : { edited_arguments: decision.editedArguments as never }), ...noteOf(decision) },
          });
        case 'reject': return api.call('rejectRequest', { params, body: { ...bound, reason: decision.reason } });
        case 'confirm_happened': return api.call('confirmHappened', { params, body: { ...bound, ...noteOf(decision) } });
        case 'answer': return api.call('answerQuestion', { params, body: { ...bound, answer: decision.answer } });
        case 'provide_result': return api.call('provideResult', { params, body: { ...bound, result: decision.result as never, ...noteOf(decision) } });
        case 'extend': return api.call('extendRequest', { params, body: { ...bound, expires_at: decision.expiresAt } });
      }
    },
    onSuccess: (answer) => {
      client.setQueryData(apiQueryKey('getApproval', { params }), answer);
      void refresh(client, 'listApprovals', 'countApprovals', 'getDashboard', 'getRun', 'listRuns', 'countRuns', 'listSteps', 'listAudit');
    },
    onError: () => refresh(client, 'getApproval', 'listApprovals', 'countApprovals'),
  });
};
