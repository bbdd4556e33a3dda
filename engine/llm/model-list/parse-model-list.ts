import { z } from 'zod';
import type { ListedModel } from '../../../contracts/connections.ts';

/** More models than any server of today lists; the rest is not kept. */
const maxModels = 2_000;

const record = z.record(z.string(), z.unknown());
const toRecord = (value: unknown): Record<string, unknown> => record.safeParse(value).data ?? {};
const tokens = z.coerce.number().int().min(1).max(1_000_000_000);
const toTokens = (value: unknown): number | undefined => (typeof value === 'number' || typeof value === 'string' ? tokens.safeParse(value).data : undefined);
const firstTokens = (...values: unknown[]): number | null => values.map(toTokens).find((value) => value !== undefined) ?? null;

const isName = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '' && value.length <= 200 && value.isWellFormed() && !/[\u0000-\u001f]/.test(value);

/**
 * One entry of a list. What the server runs with comes before what the model could do: a server that loaded a model with a small
 * window refuses what the model's own window would hold.
 */
function toListedModel(entry: unknown): ListedModel | undefined {
  if (isName(entry)) return { id: entry, context_window: null, max_output_tokens: null };
  const model = toRecord(entry);
  const id = [model['id'], model['name'], model['model']].find(isName);
  // Anthropic keeps retired models in its list.
  if (id === undefined || model['lifecycle'] === 'retired') return undefined;
  const meta = toRecord(model['meta']);
  const top = toRecord(model['top_provider']);
  return {
    id,
    context_window: firstTokens(
      model['max_input_tokens'], model['loaded_context_length'], model['max_model_len'], meta['n_ctx'], top['context_length'],
      model['context_length'], model['context_window'], model['max_context_length'], meta['n_ctx_train'],
    ),
    max_output_tokens: firstTokens(model['max_output_tokens'], model['max_completion_tokens'], top['max_completion_tokens'], model['max_tokens']),
  };
}

/** One page of a list of models; undefined when the answer is no such list. */
export interface ModelListPage {
  models: ListedModel[];
  /** After which id the next page begins; undefined: this is the last. */
  nextAfter: string | undefined;
}

/** Reads `{data: […]}` as OpenAI and Anthropic answer, `{models: […]}` and a bare list, whatever else is in it. */
export function parseModelList(json: unknown): ModelListPage | undefined {
  const body = toRecord(json);
  const entries = [json, body['data'], body['models']].find(Array.isArray) as unknown[] | undefined;
  if (entries === undefined) return undefined;
  const models = new Map(entries.slice(0, maxModels).flatMap((entry) => {
    const model = toListedModel(entry);
    return model === undefined ? [] : [[model.id, model] as const];
  }));
  // A list of things that are no models is not an empty list.
  if (entries.length > 0 && models.size === 0 && !entries.every((entry) => toRecord(entry)['lifecycle'] === 'retired')) return undefined;
  const nextAfter = body['has_more'] === true && isName(body['last_id']) ? body['last_id'] : undefined;
  return { models: [...models.values()], nextAfter };
}

/** Whether a model's name says that it does something else than converse; a guess for suggestions, never a rule. */
export const seemsToConverse = (id: string): boolean => !/embed|whisper|\btts\b|-tts|dall-e|image|moderation|transcribe|realtime|rerank|sora|speech|audio|babbage|davinci/i.test(id);
