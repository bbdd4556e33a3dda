import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../../temporal/names.ts';
import type { RunState } from './run-state.ts';

const keys = {
  phase: defineSearchAttributeKey('RunPhase', searchAttributes.RunPhase),
  waitingFor: defineSearchAttributeKey('WaitingFor', searchAttributes.WaitingFor),
  riskLevel: defineSearchAttributeKey('RiskLevel', searchAttributes.RiskLevel),
  awaitingSince: defineSearchAttributeKey('AwaitingSince', searchAttributes.AwaitingSince),
  costUsd: defineSearchAttributeKey('CostUsd', searchAttributes.CostUsd),
  iteration: defineSearchAttributeKey('Iteration', searchAttributes.Iteration),
  tokensTotal: defineSearchAttributeKey('TokensTotal', searchAttributes.TokensTotal),
};

const usd = (microUsd: number): string => `$${(microUsd / 1e6).toFixed(4)}`;

/** What the Temporal Web UI shows under "current details", in Markdown. */
export function describeState(runId: string, state: RunState): string {
  const lines = [
    `**${state.phase.replaceAll('_', ' ')}** · iteration ${state.iteration} · ${state.tokens} tokens · ${state.costMicroUsd === null ? 'cost unknown' : usd(state.costMicroUsd)}`,
  ];
  for (const wait of state.approvals) {
    const until = wait.expiresAtMs === null ? 'no expiry' : `until ${new Date(wait.expiresAtMs).toISOString()}`;
    lines.push(`- waits for a person: ${wait.toolName} (${wait.riskLevel}), since ${new Date(wait.sinceMs).toISOString()}, ${until} · \`/hitl/${wait.requestId}\``);
  }
  if ('pausedBy' in state) lines.push(`- paused by ${state.pausedBy}`);
  if ('end' in state && state.end.code !== null) lines.push(`- ${state.end.code}: ${state.end.message}`);
  lines.push(`- \`/maestro/runs/${runId}\``);
  return lines.join('\n');
}

/** Returns a function that shows the state to SREs: details always, search attributes (a history event each) only when their facts changed. */
export function createPublisher(runId: string): (state: RunState) => void {
  let shown = '';
  return (state) => {
    setCurrentDetails(describeState(runId, state));
    const wait = state.approvals[0];
    const facts = `${state.phase} ${state.iteration} ${wait?.requestId ?? ''}`;
    if (facts === shown) return;
    shown = facts;
    upsertSearchAttributes([
      { key: keys.phase, value: state.phase },
      { key: keys.iteration, value: state.iteration },
      { key: keys.tokensTotal, value: state.tokens },
      { key: keys.costUsd, value: state.costMicroUsd === null ? null : state.costMicroUsd / 1e6 },
      { key: keys.waitingFor, value: wait?.toolName ?? null },
      { key: keys.riskLevel, value: wait?.riskLevel ?? null },
      { key: keys.awaitingSince, value: wait === undefined ? null : new Date(wait.sinceMs) },
    ]);
  };
}
