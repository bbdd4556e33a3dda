import type { ApprovalRequest, bulkOutcomeSchema } from '@contracts/approvals.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { RejectForm } from '@/components/approval/decision/reject-form.tsx';
import { NotRecorded } from '@/components/approval/card-parts.tsx';
import { announce } from '@/components/layout/live-region.tsx';
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { api } from '@/lib/api-client.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { BulkOutcomes } from './bulk-outcomes.tsx';
import { BulkReview } from './bulk-review.tsx';

type Outcomes = z.output<typeof bulkOutcomeSchema>['items'];

/** Decides several requests together; what became of each is told alone. The list is the one that was selected when it opened. */
const Decide = ({ asked, requests, onClose }: { asked: 'approve' | 'reject'; requests: readonly ApprovalRequest[]; onClose: (hasDecided: boolean) => void }) => {
  const client = useQueryClient();
  const [words, setWords] = useState({ preset: '', reason: '' });
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [outcomes, setOutcomes] = useState<Outcomes>();

  const send = async (decided: readonly ApprovalRequest[], reason?: string): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    setFailure(null);
    try {
      const items = decided.map(({ id, version, arguments_hash: hash }) => ({ id, version, arguments_hash: hash }));
      const answer = await api.call('decideInBulk', { body: { verdict: asked, items, ...(reason === undefined ? {} : { reason }) } });
      setOutcomes(answer.items);
      const refused = answer.items.filter(({ error }) => error !== null).length;
      announce(`${countOf(answer.items.length - refused, 'decision')} recorded${refused === 0 ? '' : `, ${refused} refused`}.`);
    } catch (error) {
      setFailure(error);
    } finally {
      setIsBusy(false);
      void refresh(client, 'listApprovals', 'countApprovals', 'getApproval', 'getDashboard', 'getRun', 'listRuns', 'countRuns', 'listAudit');
    }
  };

  if (outcomes !== undefined) return <BulkOutcomes outcomes={outcomes} requests={requests} onClose={() => onClose(true)} />;
  const failed = failure !== null && <NotRecorded error={failure} />;
  if (asked === 'approve') return <BulkReview requests={requests} isBusy={isBusy} failed={failed} onApprove={(chosen) => void send(chosen)} onCancel={() => onClose(false)} />;
  return (
    <>
      <DialogHeader>
        <DialogTitle>Reject {countOf(requests.length, 'request')}?</DialogTitle>
        <DialogDescription>Each agent receives the same reason. None of the calls is executed.</DialogDescription>
      </DialogHeader>
      {failed}
      <RejectForm preset={words.preset} reason={words.reason} onChange={(changes) => setWords({ ...words, ...changes })} onReject={(reason) => void send(requests, reason)} onCancel={() => onClose(false)} isBusy={isBusy} />
    </>
  );
};

/** The dialog in which selected requests are decided together. `asked` undefined: closed. */
export const BulkDialog = ({ asked, chosen, onClose }: { asked: 'approve' | 'reject' | undefined; chosen: readonly ApprovalRequest[]; onClose: (hasDecided: boolean) => void }) => {
  // What arrives or leaves meanwhile does not change the list under the reader.
  const [held, setHeld] = useState<readonly ApprovalRequest[]>([]);
  const [wasAsked, setWasAsked] = useState<'approve' | 'reject'>();
  if (asked !== wasAsked) {
    setWasAsked(asked);
    if (asked !== undefined) setHeld(chosen);
  }
  return (
    <Dialog open={asked !== undefined} onOpenChange={(isOpen) => !isOpen && onClose(false)}>
      <DialogContent className="max-w-2xl">
        {asked !== undefined && held.length > 0 && <Decide asked={asked} requests={held} onClose={onClose} />}
      </DialogContent>
    </Dialog>
  );
};
