import type { Step } from '@contracts/runs.ts';

export type PairMark = 'same' | 'changed' | 'only_a' | 'only_b';

/** A step of one run beside the step of the other that did the same job. */
export interface StepPair {
  a: Step | undefined;
  b: Step | undefined;
  iteration: number;
  mark: PairMark;
}

/** Ids and times of a run inside bodies differ always and mean nothing here. */
const ignoredKeys = new Set(['id', 'provider_call_id', 'message_id', 'duration_ms', 'decided_at', 'arguments_hash']);

/** JSON in one spelling: keys in order, what always differs left out. */
export const toComparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(toComparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !ignoredKeys.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, toComparable(inner)]));
};

const isSame = (a: Step, b: Step): boolean =>
  a.status === b.status &&
  // Bodies left out of the list cannot be compared; their one-line summaries can.
  a.summary === b.summary &&
  a.is_shortened === b.is_shortened &&
  JSON.stringify(toComparable([a.input, a.output, a.error])) === JSON.stringify(toComparable([b.input, b.output, b.error]));

/** What makes steps of two runs the same job: iteration, kind and tool, and which of several such it is. */
const slotsOf = (steps: readonly Step[]): { key: string; step: Step }[] => {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const job = `${step.iteration}/${step.kind}/${step.tool_name ?? ''}`;
    const nth = (seen.get(job) ?? 0) + 1;
    seen.set(job, nth);
    return { key: `${job}/${nth}`, step };
  });
};

/**
 * Steps of two runs side by side, by iteration and kind: in the order of A, with what only B did where it happened there.
 * Time is linear in the steps.
 */
export const alignSteps = (a: readonly Step[], b: readonly Step[]): StepPair[] => {
  const slotsOfA = slotsOf(a);
  const slotsOfB = slotsOf(b);
  const byKeyOfB = new Map(slotsOfB.map((slot, index) => [slot.key, index]));
  const keysOfA = new Set(slotsOfA.map((slot) => slot.key));
  const pairs: StepPair[] = [];
  let next = 0;
  /** Adds what only B did, up to an index of B or an iteration. */
  const addOnlyB = (isBefore: (index: number, step: Step) => boolean): void => {
    while (next < slotsOfB.length) {
      const slot = slotsOfB[next];
      if (slot === undefined || !isBefore(next, slot.step)) return;
      if (!keysOfA.has(slot.key)) pairs.push({ a: undefined, b: slot.step, iteration: slot.step.iteration, mark: 'only_b' });
      next += 1;
    }
  };
  for (const { key, step } of slotsOfA) {
    const index = byKeyOfB.get(key);
    const other = index === undefined ? undefined : slotsOfB[index]?.step;
    addOnlyB((at, candidate) => (index === undefined ? candidate.iteration < step.iteration : at < index));
    pairs.push({ a: step, b: other, iteration: step.iteration, mark: other === undefined ? 'only_a' : isSame(step, other) ? 'same' : 'changed' });
  }
  addOnlyB(() => true);
  return pairs;
};
