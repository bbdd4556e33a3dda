import type { AgentVersion, UpdateAgentBody } from '@contracts/agents.ts';
import { formatDuration, formatInteger, formatMoney } from '@/lib/format.ts';
import { rejectionWords } from '../form/rejection-choice.tsx';

/** What a version says, field by field, in words that can be compared. Long texts are compared by line. */
export const versionFields: readonly { label: string; isText?: boolean; read: (version: AgentVersion) => string }[] = [
  { label: 'Name', read: (version) => version.name },
  { label: 'Purpose', isText: true, read: (version) => version.purpose },
  { label: 'Model', read: (version) => `${version.llm_provider} · ${version.llm_model}` },
  { label: 'Instructions', isText: true, read: (version) => version.instructions },
  { label: 'Tools', read: (version) => version.tools.toSorted().join(', ') || 'none' },
  { label: 'When a person rejects', read: (version) => rejectionWords[version.on_rejection].word },
  { label: 'Iterations', read: (version) => formatInteger(version.limits.max_iterations) },
  { label: 'Tokens', read: (version) => formatInteger(version.limits.max_tokens) },
  { label: 'Cost', read: (version) => (version.limits.max_cost_micro_usd === null ? 'no limit' : formatMoney(version.limits.max_cost_micro_usd)) },
  { label: 'Time', read: (version) => formatDuration(version.limits.max_duration_seconds * 1000) },
  { label: 'Temperature', read: (version) => (version.temperature === null ? 'the provider’s own' : String(version.temperature)) },
  { label: 'Longest answer', read: (version) => (version.max_output_tokens === null ? 'the provider’s own' : `${formatInteger(version.max_output_tokens)} tokens`) },
];

/** The labels of what differs between two versions. */
export const changedFields = (before: AgentVersion, after: AgentVersion): string[] =>
  versionFields.filter(({ read }) => read(before) !== read(after)).map(({ label }) => label);

/** The change that makes an earlier version current again, against the version that is current now. */
export const toRestoreBody = ({ agent_id: _, version: __, created_by: ___, created_at: ____, ...definition }: AgentVersion, currentVersion: number): UpdateAgentBody => ({
  ...definition,
  version: currentVersion,
});
