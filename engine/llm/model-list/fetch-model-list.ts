import type { ListedModel } from '../../../contracts/connections.ts';
import { systemCodeOf } from '../../../platform/system-code.ts';
import type { ServerAccess } from '../connection-access.ts';
import { toShownUrl } from '../endpoint.ts';
import { addressOf } from '../api-facts.ts';
import { askForModels, type ServerAnswer } from './ask-server.ts';
import { parseModelList } from './parse-model-list.ts';

export type ModelList = { models: ListedModel[] } | { error: { code: string; message: string } };

const maxPages = 10;
const timeoutMs = 10_000;

const failed = (code: string, message: string): ModelList => ({ error: { code, message } });

function toFailure(at: string, { status, text }: ServerAnswer): ModelList {
  if (status === 401 || status === 403) return failed('LLM_AUTHENTICATION', `${at} refuses the key (HTTP ${status}).`);
  if (status === 429) return failed('LLM_RATE_LIMITED', `${at} limits requests at the moment (HTTP 429).`);
  if (status >= 500) return failed('LLM_UNAVAILABLE', `${at} answers with HTTP ${status}.`);
  if (status >= 300 && status < 400) return failed('LLM_REQUEST_INVALID', `${at} sends requests elsewhere (HTTP ${status}).`);
  if (status >= 400) return failed('LLM_MODEL_NOT_FOUND', `${at} offers no list of models (HTTP ${status}). Any name the server knows can be typed.`);
  return failed('LLM_RESPONSE_INVALID', /^\s*</.test(text) ? `${at} answers with a web page instead of a list of models.` : `${at} answers with something that is no list of models.`);
}

/** The models a server lists, all pages of them, or a sentence on why there is no list. Throws only when `signal` aborts. */
export async function fetchModelList(access: ServerAccess, signal: AbortSignal): Promise<ModelList> {
  const at = toShownUrl(addressOf(access));
  const timeout = AbortSignal.timeout(timeoutMs);
  const models = new Map<string, ListedModel>();
  let after: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    let answer: ServerAnswer;
    try {
      answer = await askForModels(access, { signal: AbortSignal.any([signal, timeout]), query: after === undefined ? {} : { after_id: after } });
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) return failed('LLM_UNAVAILABLE', `${at} did not answer within ${timeoutMs / 1000} seconds.`);
      return failed('LLM_UNAVAILABLE', `${at} cannot be reached (${systemCodeOf(error) ?? 'no answer'}).`);
    }
    const list = answer.status >= 200 && answer.status < 300 ? parseModelList(answer.json) : undefined;
    if (list === undefined) return models.size > 0 ? { models: [...models.values()] } : toFailure(at, answer);
    const before = models.size;
    for (const model of list.models) models.set(model.id, model);
    // A server that sends the same page again would be asked for ever.
    if (list.nextAfter === undefined || models.size === before) break;
    after = list.nextAfter;
  }
  return { models: [...models.values()] };
}
