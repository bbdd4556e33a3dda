/** What a form holds of a thing: texts as typed, and switches. Secrets are never among it. */
export type FormValues = Record<string, string | boolean>;

export interface Clash {
  field: string;
  theirs: string | boolean;
}

export interface Merged<Values extends FormValues> {
  /** What the form shows from now on: everything typed here, and their changes to fields that were left alone. */
  values: Values;
  /** Fields both changed, to different things: what is typed stays until theirs is taken. */
  clashes: Clash[];
  /** Fields only they changed, now as they made them. */
  taken: string[];
}

/** Brings a change by somebody else (`before` to `theirs`) under what was typed against the older version. Nothing typed is lost. */
export const mergeChanges = <Values extends FormValues>({ before, theirs, values }: { before: Values; theirs: Values; values: Values }): Merged<Values> => {
  const merged: Merged<Values> = { values: { ...values }, clashes: [], taken: [] };
  for (const [field, value] of Object.entries(theirs)) {
    if (value === before[field] || value === values[field]) continue;
    if (values[field] === before[field]) {
      merged.values = { ...merged.values, [field]: value };
      merged.taken.push(field);
    } else merged.clashes.push({ field, theirs: value });
  }
  return merged;
};
