import type { Json } from '../../tools/tool.ts';
import type { AnswerSink } from '../answer-sink.ts';

type Detail = { [key: string]: Json };
const continued = ['text', 'summary', 'data'] as const;

/**
 * Puts `reasoning_details` of a stream together, as a whole answer would carry them: pieces with the index and type of the one before
 * continue its words; what else they say replaces what was said.
 */
export function collectReasoningDetails(sink: AnswerSink): { add(pieces: readonly Detail[]): void; details: readonly Detail[] } {
  const details: Detail[] = [];
  return {
    details,
    add(pieces) {
      for (const piece of pieces) {
        const last = details.at(-1);
        const isNext = last === undefined || last['type'] !== piece['type'] || last['index'] !== piece['index'];
        const detail = isNext ? {} : last;
        if (isNext) details.push(detail);
        for (const [key, value] of Object.entries(piece)) {
          const text = typeof value === 'string' ? sink.take(value) : value;
          const before = detail[key];
          if (typeof before === 'string' && typeof text === 'string' && continued.some((name) => name === key)) detail[key] = before + text;
          else if (value !== null || before === undefined) detail[key] = text;
        }
      }
    },
  };
}
