import type { Run } from '@contracts/runs.ts';
import { PartDiff } from './part-diff.tsx';

/** What the two runs came to: their answers, and these as data where the agent has a form for them. */
export const OutputsDiff = ({ a, b }: { a: Run; b: Run }) =>
  a.outputs === null && b.outputs === null ? null : (
    <div className="flex min-w-0 flex-col gap-3">
      <PartDiff title="Answer" a={a.outputs?.answer} b={b.outputs?.answer} />
      <PartDiff title="Answer as data" a={a.outputs?.data} b={b.outputs?.data} />
    </div>
  );
