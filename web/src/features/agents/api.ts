import { queryOptions } from '@tanstack/react-query';
import { readAllPages } from '@/lib/read-all-pages.ts';
import type { AgentsSearch } from './search.ts';

/** All agents that pass the filters the server knows; the page sorts them, so it must have them all. */
export const allAgentsQuery = ({ text, model, tool }: Pick<AgentsSearch, 'text' | 'model' | 'tool'>) => {
  const query = { ...(text === undefined ? {} : { text }), ...(model === undefined ? {} : { llm_model: model }), ...(tool === undefined ? {} : { tool }) };
  return queryOptions({ queryKey: ['listAgents', { query }, 'all'] as const, queryFn: () => readAllPages('listAgents', { query }) });
};
