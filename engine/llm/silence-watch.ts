import { AppError } from '../../contracts/errors.ts';
import type { AnswerTimeouts } from './endpoint.ts';

/** Ends a call whose server went silent or takes too long; see {@link watchSilence}. */
export interface SilenceWatch {
  /** Aborts with the LLM_UNAVAILABLE that says how long nothing came. */
  signal: AbortSignal;
  /** Bytes have arrived. */
  heard(): void;
  /** The model has begun to speak: from now on shorter silence is too long. */
  speaks(): void;
  /** The call is over. */
  end(): void;
}

const inWords = (ms: number): string => (ms >= 60_000 && ms % 60_000 === 0 ? `${ms / 60_000} minute${ms === 60_000 ? '' : 's'}` : `${ms / 1000} seconds`);

/** Starts watching a call that is about to be sent. `end` must be called, or its timers outlive it. */
export function watchSilence({ firstTokenMs, betweenBytesMs, wholeMs }: AnswerTimeouts, label: string): SilenceWatch {
  const controller = new AbortController();
  const giveUp = (message: string) => (): void => controller.abort(new AppError('LLM_UNAVAILABLE', message));
  const silentFor = (ms: number): NodeJS.Timeout => setTimeout(giveUp(`${label} sent nothing for ${inWords(ms)}.`), ms);
  const whole = setTimeout(giveUp(`${label} did not finish its answer within ${inWords(wholeMs)}.`), wholeMs);
  let silence = silentFor(firstTokenMs);
  let isSpeaking = false;
  let isOver = false;
  return {
    signal: controller.signal,
    heard: () => { if (!isOver) silence.refresh(); },
    speaks() {
      if (isSpeaking || isOver) return;
      isSpeaking = true;
      clearTimeout(silence);
      silence = silentFor(betweenBytesMs);
    },
    end() {
      isOver = true;
      clearTimeout(silence);
      clearTimeout(whole);
    },
  };
}
