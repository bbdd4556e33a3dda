import type { ApprovalRequest, bulkOutcomeSchema } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { z } from 'zod';
import { ApprovalStatePill } from '@/components/approval-state-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { countOf } from '@/lib/format.ts';

/** What became of each request of several that were decided together. */
export const BulkOutcomes = ({ outcomes, requests, onClose }: { outcomes: z.output<typeof bulkOutcomeSchema>['items']; requests: readonly ApprovalRequest[]; onClose: () => void }) => {
  const ref = useRef<HTMLHeadingElement>(null);
  // The form that was read is gone: the reader goes on with what came of it.
  useEffect(() => ref.current?.focus(), []);
  const refused = outcomes.filter(({ error }) => error !== null).length;
  return (
    <>
      <DialogHeader>
        <DialogTitle ref={ref} tabIndex={-1}>{countOf(outcomes.length - refused, 'decision')} recorded{refused > 0 && `, ${refused} refused`}</DialogTitle>
        <DialogDescription>Each request was decided alone.</DialogDescription>
      </DialogHeader>
      <ul aria-label="Outcomes" className="flex flex-col divide-y rounded-card border">
        {outcomes.map(({ id, status, error }) => {
          const request = requests.find((one) => one.id === id);
          return (
            <li key={id} className="flex min-w-0 flex-col gap-1 p-3">
              <span className="flex flex-wrap items-center gap-2 text-row">
                {status !== null && <ApprovalStatePill status={status} />}
                <Link to="/hitl/$requestId" params={{ requestId: id }} onClick={onClose} className="min-w-0 text-primary underline underline-offset-4 wrap-anywhere hover:no-underline"><UntrustedText text={request?.effect_sentence ?? id} /></Link>
              </span>
              {error !== null && <p className="text-row text-destructive">Not recorded: <UntrustedText text={error.message} /></p>}
              {error === null && status === 'pending' && <p className="text-row text-muted-foreground">Recorded; others have to approve it too.</p>}
            </li>
          );
        })}
      </ul>
      <DialogFooter><Button onClick={onClose} className="max-sm:h-12 max-sm:flex-1">Done</Button></DialogFooter>
    </>
  );
};
