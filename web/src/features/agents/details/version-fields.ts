import type { AgentVersion, ModelProvider, ModelTarget, UpdateAgentBody } from '@contracts/agents.ts';
import { connectionName } from '@/components/models/model-target.ts';
import { formatDuration, formatInteger, formatMoney } from '@/lib/format.ts';
import { cacheWords, parameterWords } from '../definition-words.ts';
import { rejectionWords } from '../form/rejection-choice.tsx';

type Connections = readonly ModelProvider[] | undefined;
const modelWords = (target: ModelTarget, connections: Connections): string => `${connectionName(connections, target)} · ${target.llm_model}`;

/**
 * What a version says, field by field, in words that can be compared. Long texts are compared by line. `connections` names what a
 * version only knows by id.
 */
export const versionFields: readonly { label: string; isText?: boolean; read: (version: AgentVersion, connections?: Connections) => string }[] = [
  { label: 'Name', read: (version) => version.name },
  { label: 'Purpose', isText: true, read: (version) => version.purpose },
  { label: 'Model', read: (version, connections) => modelWords(version, connections) },
  { label: 'Fallbacks', isText: true, read: (version, connections) => version.fallbacks.map((target) => modelWords(target, connections)).join('\n') || 'none' },
  { label: 'Instructions', isText: true, read: (version) => version.instructions },
  { label: 'Tools', read: (version) => version.tools.toSorted().join(', ') || 'none' },
  { label: 'Tags', read: (version) => version.tags.toSorted().join(', ') || 'none' },
  { label: 'When a person rejects', read: (version) => rejectionWords[version.on_rejection].word },
  { label: 'Iterations', read: (version) => formatInteger(version.limits.max_iterations) },
  { label: 'Tokens', read: (version) => formatInteger(version.limits.max_tokens) },
  { label: 'Cost', read: (version) => (version.limits.max_cost_micro_usd === null ? 'no limit' : formatMoney(version.limits.max_cost_micro_usd)) },
  { label: 'Time', read: (version) => formatDuration(version.limits.max_duration_seconds * 1000) },
  { label: 'Temperature', read: (version) => (version.temperature === null ? 'the provider’s own' : String(version.temperature)) },
  { label: 'Longest answer', read: (version) => (version.max_output_tokens === null ? 'the provider’s own' : `${formatInteger(version.max_output_tokens)} tokens`) },
  { label: 'Parameters', isText: true, read: (version) => parameterWords(version.parameters).map(([label, value]) => `${label}: ${value}`).join('\n') || 'the provider’s own' },
  { label: 'Answer cache', read: (version) => cacheWords(version.cache_policy) },
  { label: 'Output schema', isText: true, read: (version) => (version.output_schema === null ? 'free text' : JSON.stringify(version.output_schema, null, 2)) },
];

/** The labels of what differs between two versions. Connections are told apart by id: two may be called the same. */
export const changedFields = (before: AgentVersion, after: AgentVersion): string[] => {
  const isOtherTarget = before.llm_provider !== after.llm_provider || before.llm_connection !== after.llm_connection;
  const isOtherChain = JSON.stringify(before.fallbacks) !== JSON.stringify(after.fallbacks);
  return versionFields
    .filter(({ label, read }) => read(before) !== read(after) || (label === 'Model' && isOtherTarget) || (label === 'Fallbacks' && isOtherChain))
    .map(({ label }) => label);
};

/** The change that makes an earlier version current again, against the version that is current now. */
export const toRestoreBody = ({ agent_id: _, version: __, created_by: ___, created_at: ____, ...definition }: AgentVersion, currentVersion: number): UpdateAgentBody => ({
  ...definition,
  version: currentVersion,
});
