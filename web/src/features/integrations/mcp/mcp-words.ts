import type { McpDefinition, McpServer, McpTool, McpTransport } from '@contracts/mcp-servers.ts';
import type { StagedTest } from '@contracts/staged-tests.ts';
import { isRiskAtLeast, type RiskLevel, type ToolEffect, toolEffects } from '@contracts/tools.ts';
import { CircleCheck, CircleHelp, Eye, Power, Sparkles } from 'lucide-react';
import { countOf } from '@/lib/format.ts';
import type { Look } from '../components/look-pill.tsx';
import { stageWord } from '../components/test-stages.tsx';

/** The stages of its test, for while they are under way. */
export const mcpStages = (type: string): readonly string[] => (type === 'stdio' ? ['start', 'initialize', 'list_tools'] : ['address', 'connect', 'tls', 'initialize', 'list_tools']);

/** Where a server is, in a line: its address, or the command that starts it. */
export const transportWords = (transport: McpTransport): string => (transport.type === 'stdio' ? [transport.command, ...(transport.args ?? [])].join(' ') : transport.url);

export const statusLooks: Record<McpTool['status'], Look> = {
  new: { word: 'New', icon: Sparkles, tint: 'bg-waiting-tint text-waiting-text' },
  changed: { word: 'Changed', icon: Eye, tint: 'bg-waiting-tint text-waiting-text' },
  on: { word: 'On', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  off: { word: 'Off', icon: Power, tint: 'bg-queued-tint text-queued-text' },
  missing: { word: 'Missing', icon: CircleHelp, tint: 'bg-failed-tint text-failed-text' },
};

/** Tools in the order of the page: what wants a look first; equals by name. */
const order: McpTool['status'][] = ['changed', 'new', 'missing', 'on', 'off'];
export const sortTools = (tools: readonly McpTool[]): McpTool[] =>
  tools.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || a.registered_name.localeCompare(b.registered_name));

/** What the server says of a tool now, with its hash: what a review is of. */
export const currentOf = (tool: McpTool): { definition: McpDefinition; hash: string } => tool.pending ?? { definition: tool.definition, hash: tool.hash };

/** Whether a tool's words or names hold all of `text`. */
export const matchesTool = (tool: McpTool, text: string): boolean => {
  const { definition } = currentOf(tool);
  const whole = `${tool.registered_name} ${definition.title ?? ''} ${definition.description}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => whole.includes(word));
};

export interface Verdict {
  risk: RiskLevel;
  effect: ToolEffect;
}
/** What the form starts with: the last review, else the proposal. */
export const startingVerdict = (tool: McpTool): Verdict => ({ risk: tool.risk ?? tool.proposed_risk, effect: tool.effect ?? tool.proposed_effect });

/** In which respects a verdict trusts a tool more than its server's own hints ask for. */
export const loweredParts = (verdict: Verdict, tool: Pick<McpTool, 'proposed_risk' | 'proposed_effect'>): string[] => [
  ...(isRiskAtLeast(verdict.risk, tool.proposed_risk) ? [] : [`risk ${verdict.risk} instead of ${tool.proposed_risk}`]),
  ...(toolEffects.indexOf(verdict.effect) >= toolEffects.indexOf(tool.proposed_effect) ? [] : [`effect “${verdict.effect}” instead of “${tool.proposed_effect}”`]),
];

const hints = [['read_only', 'reads only', 'writes'], ['destructive', 'may destroy', 'destroys nothing'], ['idempotent', 'repeatable', 'not repeatable'], ['open_world', 'reaches outside its server', 'stays within its server']] as const;
/** The hints a server gives of a tool, in words; none where it gives none. */
export const annotationWords = ({ annotations }: McpDefinition): string[] =>
  hints.flatMap(([key, yes, no]) => (annotations[key] === null ? [] : annotations[key] ? yes : no));

/** "5 of 12 on, 3 to review". */
export const toolWords = ({ tools, to_review: toReview }: McpServer): string => {
  const on = tools.filter(({ status }) => status === 'on').length;
  return tools.length === 0 ? 'none found yet' : `${on} of ${countOf(tools.length, 'tool')} on${toReview === 0 ? '' : `, ${toReview} to review`}`;
};

/** The outcome of a test in a few words. */
export const testWords = (test: StagedTest): string => (test.passed ? 'passed' : test.failure === null ? 'failed' : `failed at ${stageWord(test.failure.stage).toLowerCase()}`);

const urgency: Record<McpServer['state'], number> = { failing: 0, untested: 1, healthy: 2, off: 3 };
/** Servers in the order of the page: with reviews to make, then what wants a look; equals by name. */
export const sortServers = (servers: readonly McpServer[]): McpServer[] =>
  servers.toSorted((a, b) => Number(b.to_review > 0) - Number(a.to_review > 0) || urgency[a.state] - urgency[b.state] || a.name.localeCompare(b.name));
