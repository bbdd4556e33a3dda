import type { TestStage } from '../../../contracts/staged-tests.ts';

/** What a stage that has nothing to do says. */
export class Skip {
  readonly detail: string;
  constructor(detail: string) {
    this.detail = detail;
  }
}

/** Does one stage and says in a sentence what was seen. */
export type StageStep = (signal: AbortSignal) => Promise<string | Skip>;

export interface StagesOptions<Name extends string, Failure> {
  /** Ends the whole: whoever asked has gone. Its reason is thrown. */
  signal: AbortSignal;
  /** Milliseconds: of all stages together, and of single ones. */
  timeouts: { total: number } & Partial<Record<NoInfer<Name>, number>>;
  /** What an error of a stage says; undefined: it is none of a stage's and is thrown. */
  toFailure(error: unknown): Failure | undefined;
}

type Told<Name extends string> = Omit<TestStage, 'stage'> & { stage: Name };
const toMs = (startedAt: number): number => Math.round((performance.now() - startedAt) * 10) / 10;

/** Goes through stages, in the order they stand in `steps`, until one fails; those behind it are skipped. */
export async function runStages<Name extends string, Failure extends { cause: string }>(
  steps: Readonly<Partial<Record<Name, StageStep>>>,
  { signal, timeouts, toFailure }: StagesOptions<Name, Failure>,
): Promise<{ stages: Told<Name>[]; failure: ({ stage: Name } & Failure) | null }> {
  const total = AbortSignal.timeout(timeouts.total);
  const stages: Told<Name>[] = [];
  let failure: ({ stage: Name } & Failure) | null = null;
  for (const [stage, step] of Object.entries(steps) as [Name, StageStep][]) {
    if (failure !== null) {
      stages.push({ stage, outcome: 'skipped', ms: null, detail: 'An earlier stage failed.' });
      continue;
    }
    const own = timeouts[stage];
    const startedAt = performance.now();
    try {
      const seen = await step(AbortSignal.any([signal, total, ...(own === undefined ? [] : [AbortSignal.timeout(own)])]));
      signal.throwIfAborted();
      stages.push(seen instanceof Skip ? { stage, outcome: 'skipped', ms: null, detail: seen.detail } : { stage, outcome: 'passed', ms: toMs(startedAt), detail: seen });
    } catch (error) {
      signal.throwIfAborted();
      const found = toFailure(error);
      if (found === undefined) throw error;
      failure = { stage, ...found };
      stages.push({ stage, outcome: 'failed', ms: toMs(startedAt), detail: found.cause });
    }
  }
  return { stages, failure };
}
