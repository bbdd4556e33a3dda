import { useQuery } from '@tanstack/react-query';
import { apiQuery } from '@/lib/api-query.ts';
import { useScopeChoices } from '../form/use-choices.ts';
import { toVocabulary, type Vocabulary } from './suggest/vocabulary.ts';

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
const firstSentenceOf = (text: string): string => [...sentences.segment(text)][0]?.segment.trim() ?? '';

/** What texts of policies can name on this system; undefined until the catalogue is there. Lists that cannot be had leave typing. */
export const useVocabulary = (): Vocabulary | undefined => {
  const { data: facts } = useQuery({ ...apiQuery('listPolicyFacts'), staleTime: 300_000 });
  const { data: tools } = useQuery({ ...apiQuery('listTools'), staleTime: 60_000 });
  const { agents, tags, dataSources } = useScopeChoices();
  if (facts === undefined) return undefined;
  const servers = new Set((tools?.items ?? []).flatMap(({ mcp_server: server }) => server ?? []));
  return toVocabulary(facts, {
    Tool: (tools?.items ?? []).map(({ name, description }) => ({ value: name, meaning: firstSentenceOf(description) })),
    // Names need not be different; ids are.
    Agent: agents.map((agent) => ({ ...agent, meaning: agent.value })),
    Tag: tags, DataSource: dataSources, McpServer: [...servers].toSorted().map((value) => ({ value })),
  });
};
