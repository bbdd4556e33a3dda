import type { Connection } from '@contracts/connections.ts';
import { type ConnectionField, connectionLabels, type ConnectionValues, toConnectionValues } from './connection-values.ts';

export interface Clash {
  field: Exclude<ConnectionField, 'api_key'>;
  theirs: ConnectionValues[Clash['field']];
}

export interface Merged {
  /** What the form shows from now on: everything typed here, and their changes to fields that were left alone. */
  values: ConnectionValues;
  /** Fields both changed, to different things: what is typed stays until theirs is taken. */
  clashes: Clash[];
  /** Labels of fields only they changed, now as they made them. */
  taken: string[];
}

/** Brings a change by somebody else under what was typed against an older version. Nothing typed is lost. */
export const mergeConflict = ({ base, latest, values }: { base: Connection; latest: Connection; values: ConnectionValues }): Merged => {
  const before = toConnectionValues(base);
  const theirs = toConnectionValues(latest);
  const merged: Merged = { values: { ...values }, clashes: [], taken: [] };
  for (const field of Object.keys(before) as Clash['field'][]) {
    if (theirs[field] === before[field] || theirs[field] === values[field]) continue;
    if (values[field] === before[field]) {
      merged.values = { ...merged.values, [field]: theirs[field] };
      merged.taken.push(connectionLabels[field]);
    } else merged.clashes.push({ field, theirs: theirs[field] });
  }
  if (latest.api_key_hint !== base.api_key_hint) merged.taken.push(connectionLabels.api_key);
  return merged;
};
