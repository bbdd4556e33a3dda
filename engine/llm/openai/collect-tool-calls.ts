import type { AnswerSink } from '../answer-sink.ts';
import { maxArgumentCharacters, maxToolCalls } from '../finish-answer.ts';
import type { ToolCallPiece } from './completion-shape.ts';

interface CollectedCall {
  index: number | undefined;
  id: string;
  function: { name: string; arguments: string };
}

/** Puts the calls of a stream together from their pieces, in the order they began. */
export interface ToolCallCollector {
  add(piece: ToolCallPiece): void;
  calls: readonly CollectedCall[];
  /** There are more than are kept. */
  isFull(): boolean;
}

/**
 * Which call a piece belongs to: the one of its index, but for servers that give all calls the same; without an index the one of its
 * id, and without either the last one, unless a name begins another. An id may come after the name it belongs to.
 */
function ownerOf(calls: readonly CollectedCall[], { index, id, function: fn }: ToolCallPiece): CollectedCall | undefined {
  const isAnother = (call: CollectedCall): boolean => Boolean(id) && call.id !== '' && call.id !== id && Boolean(fn?.name);
  if (typeof index === 'number') {
    const owner = calls.findLast((call) => call.index === index);
    return owner === undefined || isAnother(owner) ? undefined : owner;
  }
  const known = id ? calls.findLast((call) => call.id === id) : undefined;
  if (known !== undefined) return known;
  const last = calls.at(-1);
  if (last === undefined || (fn?.name && last.function.name !== '') || (id && last.id !== '')) return undefined;
  return last;
}

export function collectToolCalls(sink: AnswerSink): ToolCallCollector {
  const calls: CollectedCall[] = [];
  let isFull = false;
  return {
    calls,
    isFull: () => isFull,
    add(piece) {
      const { index, id, function: fn } = piece;
      let call = ownerOf(calls, piece);
      if (call === undefined) {
        if (calls.length >= maxToolCalls) {
          isFull = true;
          return;
        }
        call = { index: index ?? undefined, id: '', function: { name: '', arguments: '' } };
        calls.push(call);
      }
      // A name or an id that is repeated with each piece is not continued by it.
      if (id) call.id = id;
      if (fn?.name) call.function.name = fn.name;
      const given = fn?.arguments ?? '';
      const text = sink.take(typeof given === 'string' ? given : JSON.stringify(given));
      if (call.function.arguments.length <= maxArgumentCharacters) call.function.arguments += text;
    },
  };
}
