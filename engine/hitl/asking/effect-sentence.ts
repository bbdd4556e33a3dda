import type { ApprovalKind } from '../../../contracts/approvals.ts';
import type { ToolRegistry } from '../../tools/index.ts';

/** What the call will do in the tool's own words; of a tool that is gone meanwhile (an open question outlives it) its name is all there is. */
export function toEffectSentence(registry: ToolRegistry, kind: ApprovalKind, toolName: string, args: Record<string, unknown>): string {
  const parsed = registry.has(toolName) ? registry.parseArguments(toolName, args) : undefined;
  const sentence = parsed?.ok === true ? registry.get(toolName).effectSentence(parsed.args) : `Call the tool ${toolName}`;
  return kind === 'outcome_unknown' ? `Find out whether this happened: ${sentence}` : sentence;
}
