import { condition } from '@temporalio/workflow';
import type { ToolCallToHandle } from '../../activities/index.ts';
import type { ActivityProxies } from './activity-proxies.ts';
import type { ApprovalDecisionSignal } from './messages.ts';
import type { RunEvent } from './run-state.ts';

export interface ToolCallOutcome {
  /** A person or the expiry said no. */
  isRejected: boolean;
  reason: string;
}

interface Deps {
  runId: string;
  activities: ActivityProxies;
  /** Decisions that arrived and were not taken up yet; shared with the signal handler. */
  signals: ApprovalDecisionSignal[];
  /** Requests that were settled; later signals for them are dropped. */
  settled: Set<string>;
  apply(event: RunEvent): void;
  gate(): Promise<void>;
  memories: Promise<unknown>[];
}

/** Returns what carries one tool call from verdict to outcome. Calls of one turn go through it side by side. */
export function createToolCallHandler({ runId, activities, signals, settled, apply, gate, memories }: Deps) {
  /** Asks a person and waits until the request's row is settled; the row decides, signals and the timer only wake. */
  const askPerson = async (toolCallId: string, kind: 'tool_call' | 'outcome_unknown', summary: string) => {
    const asked = await activities.requestApproval.executeWithOptions({ summary }, [{ runId, toolCallId, kind }]);
    const { requestId, toolName, riskLevel, sinceMs, expiresAtMs } = asked;
    apply({ type: 'approval-requested', approval: { requestId, toolName, riskLevel, sinceMs, expiresAtMs } });
    if (asked.isSettled === true) signals.push({ requestId });
    const hasSignal = (): boolean => signals.some((signal) => signal.requestId === requestId);
    // Recorded before reminders and escalation: only the expiry.
    let wakeAtMs = asked.wakeAtMs ?? asked.expiresAtMs;
    for (;;) {
      const isSignalled = wakeAtMs === null ? (await condition(hasSignal), true) : await condition(hasSignal, Math.max(1_000, wakeAtMs - Date.now()));
      const decision = isSignalled
        ? await activities.takeDecision({ runId, ...(signals.splice(signals.findIndex((signal) => signal.requestId === requestId), 1)[0] as ApprovalDecisionSignal) })
        : await activities.expireApproval({ runId, requestId });
      if (decision.status !== 'pending') {
        settled.add(requestId);
        apply({ type: 'approval-settled', requestId });
        // Whatever the decision: with the last question gone, a run somebody paused is no longer waiting but held.
        await gate();
        return decision;
      }
      wakeAtMs = decision.wakeAtMs ?? decision.expiresAtMs;
      apply({ type: 'approval-moved', requestId, expiresAtMs: decision.expiresAtMs });
    }
  };

  return async (call: ToolCallToHandle, iteration: number): Promise<ToolCallOutcome> => {
    const { toolCallId, toolName } = call;
    const label = `${iteration} · ${toolName}`;
    const { verdict } = await activities.checkSafety({ runId, toolCallId });
    if (verdict === 'deny') return { isRejected: false, reason: 'denied by policy' };
    if (verdict === 'ask') {
      const decision = await askPerson(toolCallId, 'tool_call', `${label} · ask a person`);
      if (decision.status !== 'approved') return { isRejected: true, reason: decision.reason };
    }
    for (;;) {
      await gate();
      const { state } = await activities.executeTool[call.runsOn].executeWithOptions({ summary: label }, [{ runId, toolCallId }]);
      if (state === 'asks_again') {
        const decision = await askPerson(toolCallId, 'tool_call', `${label} · ask again`);
        if (decision.status !== 'approved') return { isRejected: true, reason: decision.reason };
        continue;
      }
      if (state !== 'outcome_unknown') break;
      const decision = await askPerson(toolCallId, 'outcome_unknown', `${label} · did it happen?`);
      if (decision.status !== 'approved') break;
    }
    // Off the critical path: the next turn does not wait for it, the end of the run does.
    memories.push(activities.remember.executeWithOptions({ summary: `${label} · remember` }, [{ runId, toolCallId }]).catch(() => undefined));
    return { isRejected: false, reason: '' };
  };
}
