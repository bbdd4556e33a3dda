import type { Connection, ConnectionApi, ConnectionTest } from '@contracts/connections.ts';
import type { LlmProvider } from '@contracts/agents.ts';
import { countOf, formatInteger } from '@/lib/format.ts';
import { stageWord } from '../components/test-stages.tsx';

/** Which language a connection speaks, not whose server it is. */
export const apiWords: Record<LlmProvider, string> = { openai: 'OpenAI-compatible', anthropic: 'Anthropic-compatible', scripted: 'Scripted' };

/** Servers people connect, with the address each has where it is installed as its makers say. Empty: the provider's own. */
export const addressExamples: readonly { name: string; api: ConnectionApi; address: string }[] = [
  { name: 'OpenAI itself', api: 'openai', address: '' },
  { name: 'Ollama', api: 'openai', address: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', api: 'openai', address: 'http://127.0.0.1:1234/v1' },
  { name: 'vLLM', api: 'openai', address: 'http://127.0.0.1:8000/v1' },
  { name: 'llama.cpp', api: 'openai', address: 'http://127.0.0.1:8080/v1' },
  { name: 'Anthropic itself', api: 'anthropic', address: '' },
];

/** The settings a built-in connection is made of; they are changed where the server is started. */
export const builtInSettings: Record<ConnectionApi, string> = { openai: 'OPENAI_API_KEY and OPENAI_BASE_URL', anthropic: 'ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL' };

/** Limits in one line; undefined: none. */
export const limitWords = ({ requests_per_minute: requests, tokens_per_minute: tokens }: Connection['limits']): string | undefined =>
  [requests === null ? [] : `${countOf(requests, 'request')}/min`, tokens === null ? [] : `${countOf(tokens, 'token')}/min`].flat().join(', ') || undefined;

/** What leans on a connection, for questions before it goes: "2 agents and 1 open run". */
export const dependents = ({ used_by_agents: agents, open_runs: runs }: Pick<Connection, 'used_by_agents' | 'open_runs'>): string | undefined =>
  [agents.length === 0 ? [] : countOf(agents.length, 'agent'), runs === 0 ? [] : countOf(runs, 'open run')].flat().join(' and ') || undefined;

/** The outcome of a test in a few words: "passed with gpt-x, 12 models", "failed at sign in". */
export const testWords = (test: ConnectionTest): string => {
  if (!test.passed) return test.failure === null ? 'failed' : `failed at ${stageWord(test.failure.stage).toLowerCase()}`;
  const found = test.models_found === null ? [] : [`${formatInteger(test.models_found)} ${test.models_found === 1 ? 'model' : 'models'} listed`];
  return ['passed', ...(test.model === null ? [] : [`${test.model} answered`]), ...found].join(', ');
};
