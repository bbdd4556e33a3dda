import { type PolicyConflict, policyConflictSchema, type PolicyDetails, type PublishPolicyBody } from '@contracts/policies.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from 'sonner';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { apiQueryKey, refresh } from '@/lib/api-query.ts';
import type { EditorState } from './editor-state.ts';

/** What is in the editor as the api takes it: the side that leads, else the text. */
const toSource = ({ lead, form, cedar }: EditorState) => (lead === 'form' && form !== null ? { form } : { cedar });

/**
 * Everything that changes a policy. `policy` is what the reader saw: each change names its revision, however new the cache is, and one
 * that was overtaken ends in `conflict`.
 */
export const usePolicyActions = (policy: PolicyDetails | undefined) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [conflict, setConflict] = useState<PolicyConflict>();

  const keep = (saved: PolicyDetails): PolicyDetails => {
    queryClient.setQueryData(apiQueryKey('getPolicy', { params: { id: saved.id } }), saved);
    void refresh(queryClient, 'listPolicies', 'listPolicyVersions', 'listPolicySets', 'simulateAgent');
    return saved;
  };
  /** Answers undefined where somebody else was faster, which is told apart. */
  const unlessOvertaken = async (change: () => Promise<PolicyDetails>): Promise<PolicyDetails | undefined> => {
    try {
      return keep(await change());
    } catch (error) {
      const theirs = hasCode(error, 'POLICY_CHANGED') ? policyConflictSchema.safeParse(error.details).data : undefined;
      if (theirs === undefined) throw error;
      setConflict(theirs);
      return undefined;
    }
  };
  const params = { id: policy?.id ?? '' };
  const revisionOf = (): number => policy?.revision ?? 0;

  return {
    conflict,
    closeConflict: (): void => setConflict(undefined),
    /** Reads what is there now. */
    reload: async (): Promise<PolicyDetails> => keep(await api.call('getPolicy', { params })),
    create: async (state: EditorState): Promise<PolicyDetails> => keep(await api.call('createPolicy', { body: { name: state.name, ...toSource(state) } })),
    /** `revision`: another one than what is shown, for a save over what somebody else made. */
    save: (state: EditorState, revision: number = revisionOf()) => unlessOvertaken(() => api.call('savePolicyDraft', { params, body: { revision, name: state.name, ...toSource(state) } })),
    publish: (input: Omit<PublishPolicyBody, 'revision'>, revision: number = revisionOf()) => unlessOvertaken(() => api.call('publishPolicy', { params, body: { revision, ...input } })),
    turnOff: (note: string) => unlessOvertaken(() => api.call('turnOffPolicy', { params, body: { revision: revisionOf(), note } })),
    rollBack: (version: number, note: string) => unlessOvertaken(() => api.call('rollBackPolicy', { params, body: { revision: revisionOf(), version, note } })),
    /** Throws the draft away and answers what is left; undefined: the policy went with it, since it was never live. */
    discard: async (): Promise<PolicyDetails | undefined> => {
      await api.call('discardPolicyDraft', { params, query: { revision: revisionOf() } });
      if (policy?.state !== 'draft') return keep(await api.call('getPolicy', { params }));
      void refresh(queryClient, 'listPolicies');
      toast.success('The policy is deleted', { description: policy.name });
      await navigate({ to: '/governance', ignoreBlocker: true });
      return undefined;
    },
  };
};
