import { useCallback, useEffect, useState } from 'react';
import { z } from 'zod';

const storedSchema = z.object({
  /** Hash of the arguments the edits were made on: an edit of other arguments is no edit of these. */
  argumentsHash: z.string(),
  mode: z.enum(['view', 'edit', 'reject', 'take_over']),
  fields: z.record(z.string(), z.string()),
  preset: z.string(),
  reason: z.string(),
  note: z.string(),
  /** To a question. */
  answer: z.string().default(''),
  /** What a person worked out by hand. */
  result: z.string().default(''),
});
export type ApprovalDraft = z.infer<typeof storedSchema>;

const keyOf = (requestId: string): string => `maestro.approval-draft.${requestId}`;

/** Edits made on other arguments are dropped, words to people are kept. */
const draftFor = (draft: ApprovalDraft, argumentsHash: string): ApprovalDraft =>
  draft.argumentsHash === argumentsHash ? draft : { ...draft, argumentsHash, mode: 'view', fields: {} };

/** A draft read back for these arguments. */
export const parseStoredDraft = (text: string | null, argumentsHash: string): ApprovalDraft => {
  const empty: ApprovalDraft = { argumentsHash, mode: 'view', fields: {}, preset: '', reason: '', note: '', answer: '', result: '' };
  if (text === null) return empty;
  try {
    return draftFor(storedSchema.parse(JSON.parse(text)), argumentsHash);
  } catch {
    return empty;
  }
};

/**
 * What somebody has typed about a request and not sent: survives a reload of this tab, and leaves the browser with it
 * (session storage), since it holds other people's mail.
 */
export const useApprovalDraft = (requestId: string, argumentsHash: string) => {
  const [stored, setStored] = useState((): ApprovalDraft => {
    let text: string | null = null;
    try {
      text = sessionStorage.getItem(keyOf(requestId));
    } catch {
      // Storage may be blocked; the draft then lasts as long as the page.
    }
    return parseStoredDraft(text, argumentsHash);
  });
  const [initial] = useState(stored);
  // Follows the draft: the storage holds what was typed last.
  useEffect(() => {
    if (stored === initial) return;
    try {
      sessionStorage.setItem(keyOf(requestId), JSON.stringify(stored));
    } catch {
      // As above.
    }
  }, [requestId, stored, initial]);
  const change = useCallback((changes: Partial<ApprovalDraft>): void => setStored((before) => ({ ...draftFor(before, argumentsHash), ...changes })), [argumentsHash]);
  /** Forgets what was stored; what is on the screen stays. */
  const forget = (): void => {
    try {
      sessionStorage.removeItem(keyOf(requestId));
    } catch {
      // As above.
    }
  };
  return { draft: draftFor(stored, argumentsHash), change, forget };
};
