import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTerminal } from '../../contracts/runs.ts';
import { applyEvent, initialRunState, type RunEvent, type RunState } from './run-state.ts';

const approval = (requestId: string) => ({ requestId, toolName: 'send_email', riskLevel: 'HIGH' as const, sinceMs: 1, expiresAtMs: null });
const after = (...events: RunEvent[]): RunState => events.reduce(applyEvent, initialRunState);
const acted: RunEvent = { type: 'turn-taken', tokens: 10, costMicroUsd: 5, outcome: 'acts' };

describe('applyEvent', () => {
  test('a turn counts, and so do its tokens and cost', () => {
    expect(after({ type: 'turn-started' }, acted)).toMatchObject({ phase: 'running', iteration: 1, tokens: 10, costMicroUsd: 5 });
  });

  test('one unknown cost makes the sum unknown for good', () => {
    expect(after({ ...acted, costMicroUsd: null } as RunEvent, acted).costMicroUsd).toBeNull();
  });

  test('three mistakes in a row are counted, a useful turn starts over', () => {
    const mistake: RunEvent = { ...acted, outcome: 'mistake' } as RunEvent;
    expect(after(mistake, mistake).mistakesInRow).toBe(2);
    expect(after(mistake, mistake, acted).mistakesInRow).toBe(0);
  });

  test('a run waits while any of its questions is open', () => {
    const two = after({ type: 'approval-requested', approval: approval('a') }, { type: 'approval-requested', approval: approval('b') });
    expect(two.phase).toBe('waiting_for_approval');
    const one = applyEvent(two, { type: 'approval-settled', requestId: 'a' });
    expect(one).toMatchObject({ phase: 'waiting_for_approval', approvals: [{ requestId: 'b' }] });
    expect(applyEvent(one, { type: 'approval-settled', requestId: 'b' }).phase).toBe('running');
  });

  test('the same question asked twice is one question', () => {
    const event: RunEvent = { type: 'approval-requested', approval: approval('a') };
    expect(after(event, event).approvals).toHaveLength(1);
  });

  test('a pause takes hold only when the run reaches it, and names who asked first', () => {
    const asked = after({ type: 'pause-requested', by: 'Ana' }, { type: 'pause-requested', by: 'Ben' });
    expect(asked.phase).toBe('running');
    expect(applyEvent(asked, { type: 'paused' })).toMatchObject({ phase: 'paused', pausedBy: 'Ana' });
    expect(after({ type: 'paused' }).phase).toBe('running');
  });

  test('a run resumed with open questions waits for people again', () => {
    const state = after({ type: 'approval-requested', approval: approval('a') }, { type: 'pause-requested', by: 'Ana' }, { type: 'paused' }, { type: 'resume-requested' });
    expect(state).toMatchObject({ phase: 'waiting_for_approval', pauseRequestedBy: null });
  });

  test('the turn that only answers is no iteration of its own, unless it is the only one', () => {
    const end: RunEvent = { type: 'run-ended', phase: 'completed', end: { code: null, message: '' } };
    expect(after({ type: 'turn-started' }, { type: 'turn-started' }, end).iteration).toBe(1);
    expect(after({ type: 'turn-started' }, end).iteration).toBe(1);
  });

  const eventArbitrary: fc.Arbitrary<RunEvent> = fc.oneof(
    fc.constant<RunEvent>({ type: 'turn-started' }),
    fc.record({ type: fc.constant('turn-taken' as const), tokens: fc.nat(1000), costMicroUsd: fc.option(fc.nat(1000)), outcome: fc.constantFrom('acts' as const, 'mistake' as const, 'final' as const, 'failed' as const) }),
    fc.constantFrom('a', 'b', 'c').map((id): RunEvent => ({ type: 'approval-requested', approval: approval(id) })),
    fc.constantFrom('a', 'b', 'c').map((requestId): RunEvent => ({ type: 'approval-settled', requestId })),
    fc.constant<RunEvent>({ type: 'pause-requested', by: 'Ana' }),
    fc.constant<RunEvent>({ type: 'paused' }),
    fc.constant<RunEvent>({ type: 'resume-requested' }),
    fc.constantFrom('completed' as const, 'failed' as const, 'cancelled' as const, 'timed_out' as const).map((phase): RunEvent => ({ type: 'run-ended', phase, end: { code: null, message: '' } })),
  );

  test('whatever happens in whatever order, the state stays consistent and an end is final', () => {
    fc.assert(
      fc.property(fc.array(eventArbitrary, { maxLength: 40 }), (events) => {
        let state: RunState = initialRunState;
        for (const event of events) {
          const next = applyEvent(state, event);
          if (isTerminal(state.phase)) expect(next).toBe(state);
          if (next.phase === 'waiting_for_approval') expect(next.approvals.length).toBeGreaterThan(0);
          if (next.phase === 'running') expect(next.approvals).toHaveLength(0);
          if (next.phase === 'paused') expect(next.pauseRequestedBy).not.toBeNull();
          if (isTerminal(next.phase)) expect(next.approvals).toHaveLength(0);
          expect(new Set(next.approvals.map(({ requestId }) => requestId)).size).toBe(next.approvals.length);
          expect(next.tokens).toBeGreaterThanOrEqual(state.tokens);
          state = next;
        }
      }),
    );
  });
});
