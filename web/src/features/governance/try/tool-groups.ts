/** Tools to choose from: the agent's own first, then all others; the chosen one stays choosable. */
export const toolGroupsOf = ({ agentTools, catalogue, chosen }: { agentTools: readonly string[]; catalogue: readonly string[]; chosen: string | undefined }): { label: string; names: string[] }[] => {
  const others = catalogue.filter((name) => !agentTools.includes(name));
  const gone = chosen === undefined || agentTools.includes(chosen) || others.includes(chosen) ? [] : [chosen];
  return [
    { label: 'Of this agent', names: [...agentTools] },
    { label: 'Other tools', names: [...others, ...gone] },
  ].filter(({ names }) => names.length > 0);
};
