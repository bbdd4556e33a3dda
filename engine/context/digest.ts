import { toLine } from '../../platform/shorten.ts';
import type { ModelMessage } from '../llm/language-model.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { frameUntrusted } from './frame-untrusted.ts';

const wordsKept = 120;

const firstWords = (text: string): string => toLine(text.slice(0, 4 * wordsKept), wordsKept);

/** How a call came out, without a word of what it brought: results are data and stay where they are. */
function outcomeOf(call: { id: string; name: string }, group: readonly ModelMessage[]): string {
  const result = group.find((message) => message.role === 'tool' && message.toolCallId === call.id);
  if (result?.role !== 'tool') return `${call.name} (no result)`;
  const code = /^[A-Z][A-Z_]+(?=:)/.exec(result.content)?.[0];
  return `${call.name} (${result.isError ? (code ?? 'error') : 'ok'})`;
}

function lineOf([first, ...rest]: readonly ModelMessage[]): string {
  if (first?.role !== 'assistant') return `- was told: ${firstWords(first?.content ?? '')}`;
  const said = firstWords(first.content);
  const called = first.toolCalls.map((call) => outcomeOf(call, rest)).join(', ');
  return `- ${[said === '' ? '' : `said: ${said}`, called === '' ? '' : `called ${called}`].filter((part) => part !== '').join('; ') || 'said nothing'}`;
}

/**
 * What happened in steps that are left out, a line each, so that the agent does not lose its thread: what it called and how that came
 * out, the first words of what was said. Always the same for the same steps. At most `budgetTokens`; the oldest lines go first, and
 * without room for a single one there is no digest.
 */
export function toDigest(groups: readonly (readonly ModelMessage[])[], budgetTokens: number): string {
  const heading = 'What happened in them, oldest first:';
  const lines: string[] = [];
  // The frame's two fences are about this long.
  let left = budgetTokens - estimateTokens(heading) - 30;
  for (const group of groups.toReversed()) {
    const line = lineOf(group);
    left -= estimateTokens(line) + 1;
    if (left < 0) break;
    lines.unshift(line);
  }
  return lines.length === 0 ? '' : `${heading}\n${frameUntrusted(lines.join('\n'))}`;
}
