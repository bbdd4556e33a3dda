import type { ApprovalDetails, ApprovalRequest } from '@contracts/approvals.ts';
import { type RefObject, useEffect, useState } from 'react';
import { formatAbsoluteTime } from '@/lib/format.ts';
import { wordOf } from '../../approval-state-pill.tsx';
import { announce } from '../../layout/live-region.tsx';
import { describeConflict } from './conflict.ts';
import { sentenceOfVote } from '../terms/terms-words.ts';
import { type Decision, useDecision } from './use-decision.ts';

/** Marks the headings of cards that can still be decided. */
export const openCardAttribute = 'data-open-approval';

/** Puts the focus on the heading of the next card that is still open, after `own` or from the top; else on `own`. */
const focusNext = (own: HTMLElement | null): void => {
  const open = [...document.querySelectorAll<HTMLElement>(`[${openCardAttribute}]`)].filter((heading) => heading !== own);
  const after = own === null ? undefined : open.find((heading) => (own.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
  (after ?? open[0] ?? own)?.focus();
};

/** What came of a decision that left the request open: a yes of several, an edit others must approve, a later expiry. */
const sentenceOfOpen = (answer: ApprovalRequest, sent: Decision): string => {
  if (sent.verdict === 'extend') return answer.expires_at === null ? 'Extended.' : `Extended: it now waits until ${formatAbsoluteTime(answer.expires_at)}.`;
  const vote = sentenceOfVote(answer);
  return sent.verdict === 'approve' && sent.editedArguments !== undefined ? `Your edit is recorded, and the policy wants others to approve the edited call. ${vote}` : vote;
};

/**
 * Sends the decisions of a card and says what came of them: settled (the focus then goes on), recorded while the request stays open, or
 * refused because of what happened meanwhile (`conflict`; the words typed are kept).
 */
export const useCardDecision = ({ seen, latest, receivedAt, headingRef, isAsking, onRecorded, onConflict, onDecided }: {
  /** The request as it stands on the screen. */
  seen: ApprovalRequest;
  latest: ApprovalRequest;
  receivedAt: number;
  headingRef: RefObject<HTMLElement | null>;
  /** A dialog is open; the focus moves only after it has given it back. */
  isAsking: boolean;
  /** The server took it: what was typed is no longer needed. */
  onRecorded: (answer: ApprovalDetails, sent: Decision) => void;
  onConflict: () => void;
  onDecided?: ((settled: ApprovalRequest) => void) | undefined;
}) => {
  const mutation = useDecision(seen);
  const [conflict, setConflict] = useState<string>();
  const [recorded, setRecorded] = useState<string>();
  const [settled, setSettled] = useState<ApprovalRequest>();

  // After the dialog has closed and given the focus back, so that it does not take it away again.
  useEffect(() => {
    if (settled === undefined || isAsking) return undefined;
    const timer = setTimeout(() => (onDecided === undefined ? focusNext(headingRef.current) : onDecided(settled)), 0);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- once for each decision
  }, [settled, isAsking]);

  const send = async (body: Decision): Promise<void> => {
    setConflict(undefined);
    setRecorded(undefined);
    try {
      const answer = await mutation.mutateAsync(body);
      onRecorded(answer, body);
      if (answer.status === 'pending') {
        const sentence = sentenceOfOpen(answer, body);
        setRecorded(sentence);
        announce(sentence);
        setTimeout(() => headingRef.current?.focus(), 0);
      } else {
        announce(`${wordOf(answer)}: ${answer.tool_name}. The decision is recorded.`);
        setSettled(answer);
      }
    } catch (error) {
      const sentence = describeConflict(error, Date.now() + (Date.parse(latest.server_time) - receivedAt));
      if (sentence === undefined) throw error;
      setConflict(sentence);
      onConflict();
      setTimeout(() => headingRef.current?.focus(), 0);
    }
  };
  return {
    send,
    /** For buttons outside a dialog: the failure is shown by `failure`. */
    sendQuietly: (body: Decision): void => void send(body).catch(() => {}),
    isSending: mutation.isPending,
    conflict,
    recorded,
    forgetConflict: () => setConflict(undefined),
    /** Why the last decision was refused, where it was no conflict. */
    failure: mutation.error !== null && conflict === undefined ? mutation.error : null,
  };
};
