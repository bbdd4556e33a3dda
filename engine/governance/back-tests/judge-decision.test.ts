import { describe, expect, it } from 'vitest';
import type { ApprovalTerms, PolicyEffect } from '../../../contracts/approvals.ts';
import type { DecisionToJudge } from '../../../db/repositories/back-tests.repository.ts';
import type { PolicySet } from '../../safety/index.ts';
import { judgeDecision } from './judge-decision.ts';

/** A set that says one thing whatever it is asked. */
const setThatSays = (verdict: PolicyEffect, missing: string[] = []): PolicySet => ({
  version: 'set-1', nearMisses: () => [], missingFacts: () => missing,
  judge: () => ({ verdict, reason: 'Because.', matchedRules: [{ id: verdict, description: 'Because.' }], policyVersion: 'set-1', terms: null, problems: missing }),
});
const setThatAsks = (quorum: number): PolicySet => {
  const terms: ApprovalTerms = { requirements: [{ policy_id: 'p', policy_name: 'P', approvers: [], quorum }], forbids_self_approval: false, expires_after_seconds: null, extendable_to_seconds: null, reminder_after_seconds: null, escalations: [], editable_fields: null };
  return { ...setThatSays('ask'), judge: (question) => ({ ...setThatSays('ask').judge(question), terms }) };
};
const decision: DecisionToJudge = { id: 'd', tool_name: 'send_email', risk_level: 'HIGH', effect: 'external', facts: {}, verdict: 'ask', matched_rules: [], position_at: '' };

describe('a recorded decision', () => {
  it.each<[PolicyEffect, PolicyEffect, string]>([
    ['allow', 'allow', 'unchanged'], ['ask', 'ask', 'unchanged'], ['deny', 'deny', 'unchanged'],
    ['allow', 'ask', 'stricter'], ['allow', 'deny', 'stricter'], ['ask', 'deny', 'stricter'],
    ['deny', 'ask', 'looser'], ['deny', 'allow', 'looser'], ['ask', 'allow', 'looser'],
  ])('that would be %s now and %s under the draft is %s, whatever was decided then', (live, draft, outcome) => {
    for (const recorded of ['allow', 'ask', 'deny'] as const) {
      expect(judgeDecision({ live: setThatSays(live), draft: setThatSays(draft) }, { ...decision, verdict: recorded })).toMatchObject({ outcome, live: { verdict: live }, draft: { verdict: draft }, missingFacts: [] });
    }
  });

  it('that asks either way is looser where fewer people have to say yes, stricter where more', () => {
    const outcomes = ([[2, 1], [2, 2], [1, 2]] as const).map(([live, draft]) => judgeDecision({ live: setThatAsks(live), draft: setThatAsks(draft) }, decision).outcome);
    expect(outcomes).toEqual(['looser', 'unchanged', 'stricter']);
  });

  it.each<[string, string[], string[], string[]]>([
    ['live', ['agent.tags'], [], ['agent.tags']],
    ['draft', [], ['run.tokens'], ['run.tokens']],
    ['live and draft', ['agent.tags', 'hour'], ['hour', 'run.tokens'], ['agent.tags', 'hour', 'run.tokens']],
  ])('that lacks a fact the %s policies look at cannot be judged anew', (_, live, draft, missingFacts) => {
    expect(judgeDecision({ live: setThatSays('ask', live), draft: setThatSays('allow', draft) }, decision)).toEqual({ outcome: 'not_replayable', missingFacts });
  });

  it.each<[Partial<DecisionToJudge>, string[]]>([[{ tool_name: null }, ['tool_name']], [{ effect: null }, ['effect']], [{ tool_name: null, effect: null }, ['tool_name', 'effect']]])('without %j cannot be judged anew', (change, missingFacts) => {
    expect(judgeDecision({ live: setThatSays('allow'), draft: setThatSays('deny') }, { ...decision, ...change })).toEqual({ outcome: 'not_replayable', missingFacts });
  });

  it('about a call that could not be made is unchanged, whatever policies say', () => {
    const refused = { ...decision, verdict: 'deny' as const, matched_rules: [{ id: 'built-in.cannot-be-made', description: 'It cannot be made.' }], facts: {}, tool_name: null };
    expect(judgeDecision({ live: setThatSays('ask', ['agent']), draft: setThatSays('allow') }, refused)).toEqual({ outcome: 'unchanged', missingFacts: [] });
  });

  it('is asked with its own record: tool, risk, effect and facts', () => {
    const asked: unknown[] = [];
    const listening: PolicySet = { ...setThatSays('ask'), judge: (question) => (asked.push(question), setThatSays('ask').judge(question)) };
    judgeDecision({ live: listening, draft: listening }, { ...decision, facts: { recipient_count: 3 } });
    expect(asked).toEqual(Array.from({ length: 2 }, () => ({ toolName: 'send_email', riskLevel: 'HIGH', effect: 'external', facts: { recipient_count: 3 } })));
  });
});
