// What does a verdict cost, with few and with many policies, and how long would a back-test of a week take? Policies and calls are as an
// organisation has them (bench/safety); the judging alone is measured, not the database around it.
import { createPolicySet } from '../engine/safety/index.ts';
import type { Figure } from './figures.ts';
import { recordedQuestion } from './safety/recorded-questions.ts';
import { writtenPolicies } from './safety/written-policies.ts';

export interface SafetySection {
  title: string;
  figures: Figure[];
}

const figure = (name: string, maestro: string, aim = ''): Figure => ({ name, bare: '', maestro, ratio: '', aim });
const ms = (value: number): string => `${value.toFixed(value < 10 ? 3 : 0)} ms`;
const percentile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Milliseconds per verdict, each on a call the set has not seen. */
function measureChecks(policyCount: number, checks: number): Figure[] {
  const began = performance.now();
  const set = createPolicySet({ version: 'bench', policies: writtenPolicies(policyCount) });
  const compiledMs = performance.now() - began;
  for (let index = 0; index < 200; index++) set.judge(recordedQuestion(10_000_000 + index));
  const times = Array.from({ length: checks }, (_each, index) => {
    const question = recordedQuestion(index + policyCount * 100_000);
    const start = performance.now();
    set.judge(question);
    return performance.now() - start;
  }).toSorted((a, b) => a - b);
  return [
    figure(`${policyCount} policies: p50`, ms(percentile(times, 0.5))), figure(`${policyCount} policies: p95`, ms(percentile(times, 0.95))), figure(`${policyCount} policies: made into a set, once per change`, ms(compiledMs)),
  ];
}

/** Seconds to judge `decisions` calls by a live set and by the same set with one draft in it. */
function measureBackTest(decisions: number, differentCalls: number): number {
  const policies = writtenPolicies(100);
  const live = createPolicySet({ version: 'live', policies });
  const draft = createPolicySet({ version: 'draft', policies: [...policies.slice(1), { id: 'draft', name: 'Draft', version: null, cedar: 'forbid(principal, action == Action::"use_unattended", resource == Tool::"send_email") when { context has outside_recipient_count && context.outside_recipient_count >= 1 };' }] });
  const start = performance.now();
  for (let index = 0; index < decisions; index++) {
    const question = recordedQuestion(50_000_000 + (index % differentCalls));
    live.judge(question);
    draft.judge(question);
  }
  return (performance.now() - start) / 1_000;
}

/** Calls `onSection` as each part is done. */
export function benchSafety({ quick }: { quick: boolean }, onSection: (section: SafetySection) => void): void {
  onSection({ title: 'One verdict', figures: [10, 100, 1_000].flatMap((count) => measureChecks(count, quick ? 500 : 5_000)) });
  const decisions = quick ? 5_000 : 100_000;
  const rate = (seconds: number): string => `${seconds.toFixed(1)} s, ${Math.round(decisions / seconds)}/s`;
  const aim = quick ? '' : '60 s';
  onSection({
    title: `Judging ${decisions.toLocaleString('en')} recorded decisions by a live set of 100 policies and by a draft`,
    figures: [figure('all calls different', rate(measureBackTest(decisions, decisions)), aim), figure('each call 20 times', rate(measureBackTest(decisions, decisions / 20)), aim)],
  });
}
