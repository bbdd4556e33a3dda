import { finishAnswer } from '../finish-answer.ts';
import type { GenerateOptions, LanguageModel, ModelDelta, ModelRequest, ModelResponse } from '../language-model.ts';
import { createPace } from './create-pace.ts';
import type { NamedScript } from './load-scripts.ts';
import { createScriptPlayer } from './play-script.ts';
import { toFaultError } from './to-fault-error.ts';
import { toPieces } from './to-pieces.ts';

/** The request in a form of its own: nothing is sent anywhere, but what a script was given can be looked at like any other request. */
const toBody = ({ model, system, messages, tools, maxOutputTokens, temperature, parameters, outputSchema, mustAnswer, isShortened }: ModelRequest): string => JSON.stringify({
  script: model, system,
  messages: messages.map((message) => {
    if (message.role === 'user') return message;
    if (message.role === 'tool') return { role: message.role, tool_call_id: message.toolCallId, content: message.content, is_error: message.isError };
    return { role: message.role, content: message.content, tool_calls: message.toolCalls.map(({ id, name, arguments: args, rawArguments }) => ({ id, name, arguments: args ?? rawArguments })) };
  }),
  tools, max_output_tokens: maxOutputTokens, temperature, parameters, output_schema: outputSchema, must_answer: mustAnswer, is_shortened: isShortened,
});

interface Speech {
  answer: ModelResponse;
  paceMs: number;
  /** 1: to the end. */
  share: number;
}

/** Tells an answer in its pieces, thought first. Without a listener there is nothing to pace. */
async function speak({ answer, paceMs, share }: Speech, { onDelta, signal }: Pick<GenerateOptions, 'onDelta' | 'signal'>): Promise<void> {
  if (onDelta === undefined) return;
  const toDeltas = (channel: ModelDelta['channel'], text: string): ModelDelta[] => toPieces(text).map((piece) => ({ channel, text: piece }));
  const deltas = [...toDeltas('thought', answer.thought ?? ''), ...toDeltas('text', answer.text)];
  const pause = createPace(paceMs, signal);
  for (const delta of deltas.slice(0, Math.ceil(deltas.length * share))) {
    onDelta(delta);
    await pause();
    signal.throwIfAborted();
  }
}

/**
 * A provider that calls no model: it replays the script the request names as its model. Decisions are fixed, figures are real: they
 * come from what the tools returned. Throws LLM_MODEL_NOT_FOUND for a script that does not exist, and what a fault of a script stands for.
 */
export function createScriptedModel(scripts: ReadonlyMap<string, NamedScript>): LanguageModel {
  const player = createScriptPlayer(scripts);
  return {
    async generate(request, { signal, onDelta, onRequest }) {
      signal.throwIfAborted();
      onRequest?.({ url: `scripted:${request.model.slice(0, 100)}`, body: toBody(request) });
      const { fault, paceMs, ...reply } = player.play(request);
      const answer = finishAnswer(reply);
      if (fault === undefined || fault.kind === 'slow') {
        await speak({ answer, paceMs, share: 1 }, { onDelta, signal });
        return answer;
      }
      if (fault.kind === 'cut_mid_stream' || fault.kind === 'stall_mid_stream') await speak({ answer, paceMs, share: 0.5 }, { onDelta, signal });
      throw toFaultError(request.model, fault);
    },
  };
}
