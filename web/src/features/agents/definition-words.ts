import type { AgentDefinition, ModelParameters } from '@contracts/agents.ts';
import { formatDuration } from '@/lib/format.ts';
import { parameterSpecs, toParameterValues } from './form/parameter-values.ts';

/** Parameters that are set, each with the words of its field and of its value. */
export const parameterWords = (parameters: ModelParameters): [label: string, value: string][] => {
  const values = toParameterValues(parameters);
  return parameterSpecs.flatMap(({ name, label, input }): [string, string][] => {
    if (name === 'temperature' || values[name] === '') return [];
    const value = values[name];
    const choice = typeof input === 'string' ? undefined : input.options.find(([option]) => option === value)?.[1];
    return [[label, choice ?? (input === 'lines' ? value.replaceAll('\n', ', ') : value)]];
  });
};

export const cacheWords = ({ mode, ttl_seconds: seconds }: AgentDefinition['cache_policy']): string =>
  mode === 'off' ? 'off' : `on, answers are kept for ${formatDuration(seconds * 1000)}`;
