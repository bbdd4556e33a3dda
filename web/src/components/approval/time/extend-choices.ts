import { formatAbsoluteTime } from '@/lib/format.ts';
import { spanOf } from '../terms/terms-words.ts';

const spans = [15 * 60, 3_600, 4 * 3_600, 24 * 3_600];

/** Later expiries to choose from, in order; the last is as far as the policy goes. Empty: it goes no further. */
export const extendChoices = (expiresAt: string, extendableUntil: string): { at: string; label: string }[] => {
  const from = Date.parse(expiresAt);
  const cap = Date.parse(extendableUntil);
  if (cap <= from) return [];
  return [
    ...spans.filter((seconds) => from + seconds * 1_000 < cap).map((seconds) => {
      const at = new Date(from + seconds * 1_000).toISOString();
      return { at, label: `${spanOf(seconds)} longer, until ${formatAbsoluteTime(at)}` };
    }),
    { at: extendableUntil, label: `As long as the policy allows, until ${formatAbsoluteTime(extendableUntil)}` },
  ];
};

/** Whether a request can still be made to wait longer. */
export const isExtendable = ({ expires_at: expiresAt, extendable_until: until }: { expires_at: string | null; extendable_until: string | null }): boolean =>
  expiresAt !== null && until !== null && Date.parse(until) > Date.parse(expiresAt);
