import type { Run } from '@contracts/runs.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { announce } from '@/components/layout/live-region.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { api } from '@/lib/api-client.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';

/** Asks before a run is cancelled, and for the reason that its record will show. */
export const CancelDialog = ({ run, isOpen, onClose }: { run: Run; isOpen: boolean; onClose: () => void }) => {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const cancel = async (): Promise<void> => {
    await api.call('cancelRun', { params: { run_id: run.run_id }, body: reason.trim() === '' ? {} : { reason: reason.trim() } });
    announce('The run is being cancelled.');
    setReason('');
    await refresh(client, 'getRun', 'listRuns');
  };
  return (
    <ConfirmDialog isOpen={isOpen} onOpenChange={onClose} title="Cancel this run?" confirmLabel="Cancel run" cancelLabel="Let it go on" onConfirm={cancel}>
      <div className="flex flex-col gap-4">
        <p>
          It stops as soon as the work under way allows and cannot go on later. What it has already done stays done.
          {run.pending_approvals > 0 && ` ${countOf(run.pending_approvals, 'open approval request')} will be withdrawn.`}
        </p>
        <Field label="Reason" hint="Kept with the run.">
          {(control) => <Textarea {...control} value={reason} maxLength={1000} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      </div>
    </ConfirmDialog>
  );
};
