import { useState } from 'react';
import { z } from 'zod';

const storedSchema = z.object({
  /** Hash of the arguments the edits were made on: an edit of other arguments is no edit of these. */
  argumentsHash: z.string(),
  mode: z.enum(['view', 'edit', 'reject']),
  fields: z.record(z.string(), z.string()),
  preset: z.string(),
  reason: z.string(),
  note: z.string(),
});
export type ApprovalDraft = z.infer<typeof storedSchema>;

const keyOf = (requestId: string): string => `maestro.approval-draft.${requestId}`;

/** A draft read back for these arguments; edits made on other ones are dropped, words to people are kept. */
export const parseStoredDraft = (text: string | null, argumentsHash: string): ApprovalDraft => {
  const empty: ApprovalDraft = { argumentsHash, mode: 'view', fields: {}, preset: '', reason: '', note: '' };
  if (text === null) return empty;
  try {
    const stored = storedSchema.parse(JSON.parse(text));
    if (stored.argumentsHash === argumentsHash) return stored;
    return { ...empty, preset: stored.preset, reason: stored.reason, note: stored.note };
  } catch {
    return empty;
  }
};

/**
 * What somebody has typed about a request and not sent: survives a reload of this tab, and leaves the browser with it
 * (session storage), since it holds other people's mail.
 */
export const useApprovalDraft = (requestId: string, argumentsHash: string) => {
  const [draft, setDraft] = useState((): ApprovalDraft => {
    let text: string | null = null;
    try {
      text = sessionStorage.getItem(keyOf(requestId));
    } catch {
      // Storage may be blocked; the draft then lasts as long as the page.
    }
    return parseStoredDraft(text, argumentsHash);
  });
  const store = (next: ApprovalDraft | undefined): void => {
    try {
      if (next === undefined) sessionStorage.removeItem(keyOf(requestId));
      else sessionStorage.setItem(keyOf(requestId), JSON.stringify(next));
    } catch {
      // As above.
    }
  };
  const change = (changes: Partial<ApprovalDraft>): void => {
    const next = { ...draft, ...changes };
    setDraft(next);
    store(next);
  };
  /** Forgets what was stored; what is on the screen stays. */
  const forget = (): void => store(undefined);
  return { draft, change, forget };
};
