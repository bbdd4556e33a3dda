import type { GenerateOptions, ModelDelta, ModelResponse } from './language-model.ts';

/** More than this is no answer: reading stops, and what came counts as cut. Characters. */
export const maxAnswerCharacters = 5_000_000;

type Channel = ModelDelta['channel'];

/** Takes the pieces of an answer as they arrive: tells them, and stops at the bound. */
export interface AnswerSink {
  /** Text or thought. Returns what of it still counts. */
  say(channel: Channel, piece: string): string;
  /** What is not shown: arguments, signatures. Returns what of it still counts. */
  take(piece: string): string;
  /** The bound is met: nothing more counts. */
  isFull(): boolean;
  /** Tells what a server that does not stream said at once, or a refusal only its details explain. */
  finish(response: ModelResponse): void;
}

const endsInHalf = (text: string): boolean => /[\uD800-\uDBFF]$/.test(text);

/**
 * `onDelta` gets well-formed text: half a character at the end of a piece waits for its other half. `onFirst` is called once, when
 * the model begins to speak.
 */
export function createAnswerSink(onDelta: GenerateOptions['onDelta'], onFirst: () => void): AnswerSink {
  const said: Record<Channel, { hasSpoken: boolean; held: string }> = { thought: { hasSpoken: false, held: '' }, text: { hasSpoken: false, held: '' } };
  let size = 0;
  const tell = (channel: Channel, text: string): void => {
    if (text === '') return;
    said[channel].hasSpoken = true;
    onDelta?.({ channel, text: text.toWellFormed() });
  };
  const take = (piece: string): string => {
    if (piece === '') return '';
    if (size === 0) onFirst();
    const kept = piece.slice(0, Math.max(0, maxAnswerCharacters - size));
    size += piece.length;
    return kept;
  };
  return {
    take,
    isFull: () => size > maxAnswerCharacters,
    say(channel, piece) {
      const kept = take(piece);
      const text = said[channel].held + kept;
      const isHalf = endsInHalf(text);
      said[channel].held = isHalf ? text.slice(-1) : '';
      tell(channel, isHalf ? text.slice(0, -1) : text);
      return kept;
    },
    finish(response) {
      for (const channel of ['thought', 'text'] as const) {
        const { hasSpoken, held } = said[channel];
        tell(channel, held);
        if (!hasSpoken && held === '') tell(channel, response[channel] ?? '');
      }
    },
  };
}
