import type { McpServer } from '@contracts/mcp-servers.ts';
import type { ToolSettings } from '@contracts/tool-settings.ts';
import { CircleCheck, CircleDashed, CircleHelp, Eye, Power } from 'lucide-react';
import { countOf, formatDuration } from '@/lib/format.ts';
import type { Look } from '../components/look-pill.tsx';

export type ToolState = 'on' | 'off' | 'not_configured' | 'to_review' | 'missing';
export const toolLooks: Record<ToolState, Look> = {
  on: { word: 'On', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  off: { word: 'Off', icon: Power, tint: 'bg-queued-tint text-queued-text' },
  not_configured: { word: 'Not configured', icon: CircleDashed, tint: 'bg-queued-tint text-queued-text' },
  to_review: { word: 'Waits for review', icon: Eye, tint: 'bg-waiting-tint text-waiting-text' },
  missing: { word: 'Gone from its server', icon: CircleHelp, tint: 'bg-failed-tint text-failed-text' },
};

/** What an MCP server says of its tools, by registered name: the state of each, unless its switch here decides. */
export const statesAtServers = (servers: readonly McpServer[]): ReadonlyMap<string, ToolState> =>
  new Map(servers.flatMap((server) => server.tools.map(({ registered_name: name, status }): [string, ToolState] =>
    [name, status === 'new' || status === 'changed' ? 'to_review' : status === 'missing' ? 'missing' : status === 'off' || !server.is_enabled ? 'off' : 'on'])));

/** How a tool is. What its server says goes before the switch here, since it decides whether there is anything to switch. */
export const toolState = ({ is_enabled: isEnabled, is_configured: isConfigured }: ToolSettings, atServer: ToolState = 'on'): ToolState =>
  atServer !== 'on' ? atServer : !isEnabled ? 'off' : isConfigured ? 'on' : 'not_configured';

/** Why a switch here is not all it takes; undefined: it is. */
export const heldWords: Partial<Record<ToolState, string>> = {
  to_review: 'It waits for a review and is not offered to models until then. Review it on the tab MCP servers.',
  off: 'It or its server is switched off on the tab MCP servers, and is not offered to models until it is on there too.',
  missing: 'Its server no longer lists it, so it is not offered to models.',
};

/** `30 s`, `1 m 30 s`: a time-out has no tenths. */
const secondsWords = (seconds: number): string => (seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000));

/** The limits that were set, in one line; the time-out always. */
export const limitWords = (tool: ToolSettings): string =>
  [
    secondsWords(tool.timeout_seconds ?? tool.default_timeout_seconds),
    tool.max_concurrent === null ? [] : `${tool.max_concurrent} at once`,
    tool.calls_per_minute === null ? [] : `${countOf(tool.calls_per_minute, 'call')}/min`,
  ].flat().join(' · ');

/** Tools whose name, description or server holds the words. */
export const filterTools = (tools: readonly ToolSettings[], text: string): ToolSettings[] => {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return tools.filter((tool) => words.every((word) => `${tool.name} ${tool.description} ${tool.mcp_server ?? 'built in'}`.toLowerCase().includes(word)));
};
