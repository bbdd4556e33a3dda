import type { ToolDescription } from '@contracts/agents.ts';

/** Tools that come from one place. */
export interface ToolGroup {
  /** Name of the MCP server; null: built in. */
  server: string | null;
  tools: ToolDescription[];
}

const holds = (tool: ToolDescription, words: readonly string[]): boolean => {
  const text = `${tool.name} ${tool.mcp_server ?? ''} ${tool.description}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** The tools that hold every word of `text`, built-in ones first, then server by server; places without any are left out. */
export const groupTools = (tools: readonly ToolDescription[], text: string): ToolGroup[] => {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const groups = Map.groupBy(tools.filter((tool) => holds(tool, words)), ({ mcp_server: server }) => server);
  return [...groups]
    .map(([server, found]): ToolGroup => ({ server, tools: found }))
    .toSorted((a, b) => (a.server === null ? -1 : b.server === null ? 1 : a.server.localeCompare(b.server)));
};

/** Chosen names the catalogue does not have (any more): of a server that was deleted, say. */
export const goneTools = (tools: readonly ToolDescription[], chosen: readonly string[]): string[] => chosen.filter((name) => tools.every((tool) => tool.name !== name));
