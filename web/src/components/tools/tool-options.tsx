import { useQuery } from '@tanstack/react-query';
import { apiQuery } from '@/lib/api-query.ts';

/** Names to choose from: those of the catalogue, and the chosen one where the catalogue does not have it (any more). */
export const toolChoices = (catalogue: readonly { name: string }[] | undefined, chosen: string | undefined): string[] => {
  const names = (catalogue ?? []).map(({ name }) => name);
  return chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
};

/** Options of a filter by tool. Tools of MCP servers come and go, so the list is the catalogue's; what stands in the address stays choosable. */
export const ToolOptions = ({ chosen }: { chosen: string | undefined }) => {
  const { data } = useQuery({ ...apiQuery('listTools'), staleTime: 60_000 });
  return <>{toolChoices(data?.items, chosen).map((name) => <option key={name} value={name}>{name}</option>)}</>;
};
