import type { ApprovalRequest } from '@contracts/approvals.ts';
import { CircleCheck } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { Notice } from './card-parts.tsx';
import type { ApprovalDraft } from './decision/draft-store.ts';
import { composeReason } from './decision/reject-reason.ts';

/** What the reader must know before going on: a decision that was refused or recorded, a request that changed under them. */
export const CardNotices = ({ latest, draft, conflict, recorded, hasChanged, onShowChange }: {
  latest: ApprovalRequest;
  draft: ApprovalDraft;
  /** Why the last decision came too late. */
  conflict: string | undefined;
  /** What came of a decision that left the request open. */
  recorded: string | undefined;
  hasChanged: boolean;
  onShowChange: () => void;
}) => {
  const keptWords = [composeReason(draft.preset, draft.reason), draft.note.trim(), draft.answer.trim()].filter((words) => words !== '').join(' · ');
  return (
    <>
      {conflict !== undefined && (
        <Notice>
          <p className="font-medium"><UntrustedText text={conflict} /></p>
          <p>Your decision was not recorded.</p>
          {keptWords !== '' && <p>Your words are kept: “<UntrustedText text={keptWords} />”</p>}
        </Notice>
      )}
      {recorded !== undefined && latest.status === 'pending' && (
        <p className="flex items-start gap-3 border-t bg-completed-tint p-4 text-body text-completed-text"><CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />{recorded}</p>
      )}
      {hasChanged && (
        <Notice action={<Button variant="outline" size="small" onClick={onShowChange}>Show the changed request</Button>}>
          <p className="font-medium">The request changed while you were reading (version {latest.version}).</p>
          <p>What you see is the old one and can no longer be decided.</p>
        </Notice>
      )}
    </>
  );
};
