import type { Policies, PolicyVerdict } from '../../engine/safety/index.ts';

/** Policies whose verdicts come out changed: for tests of what follows from a verdict, not of how it is found. */
export const policiesWith = (policies: Policies, change: (verdict: PolicyVerdict) => PolicyVerdict): Policies => ({
  ...policies,
  current: async (options) => {
    const set = await policies.current(options);
    return { ...set, judge: (question) => change(set.judge(question)) };
  },
});
