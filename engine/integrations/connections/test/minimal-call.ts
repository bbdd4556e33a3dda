import type { ConnectionApi, ListedModel } from '../../../../contracts/connections.ts';
import { AppError, type ErrorCode } from '../../../../contracts/errors.ts';
import type { LanguageModel } from '../../../llm/language-model.ts';
import { cheapestOf, seemsToConverse } from '../../../llm/index.ts';
import { StageError } from '../../stages/stage-error.ts';

/** The model to ask: the given one, else the cheapest with a price, else the first that seems to converse. */
export function chooseModel(api: ConnectionApi, given: string | undefined, listed: readonly ListedModel[] | undefined): string | undefined {
  if (given !== undefined) return given;
  const names = (listed ?? []).map(({ id }) => id);
  return cheapestOf(api, names) ?? names.find(seemsToConverse) ?? names[0];
}

const words = (text: string): string[] => text.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');

/** Names of the list that share the most words with one that is not known. */
function similarTo(model: string, listed: readonly ListedModel[]): string[] {
  const wanted = new Set(words(model));
  const scored = listed.map(({ id }) => ({ id, score: words(id).filter((word) => wanted.has(word)).length }));
  return scored.toSorted((a, b) => b.score - a.score).slice(0, 3).map(({ id }) => id);
}

const fixes: Partial<Record<ErrorCode, string>> = {
  LLM_AUTHENTICATION: 'The list of models is open to all, but calls need a key that is valid. Enter the key again, or make a new one at the provider.',
  LLM_QUOTA_EXHAUSTED: 'Add credit at the provider.',
  LLM_RATE_LIMITED: 'Wait a little and test again, or raise the limits of the account.',
  LLM_UNAVAILABLE: 'A server of one\'s own may still be loading the model: test again in a moment. Else look at the server.',
  LLM_RESPONSE_INVALID: 'Check which API the server speaks, and whether a proxy changes its answers.',
  LLM_CONTEXT_TOO_LONG: 'The server runs this model with hardly any context. Give it more.',
};

function explain(error: AppError, model: string, listed: readonly ListedModel[]): StageError {
  const status = typeof error.details?.['status'] === 'number' ? error.details['status'] : null;
  const isListed = listed.some(({ id }) => id === model);
  const namesModel = status !== null && status < 500 && error.message.toLowerCase().includes('model') && /not (exist|found|supported|available|loaded)|unknown|invalid|no such|does not/i.test(error.message);
  if (error.code === 'LLM_MODEL_NOT_FOUND' || (error.code === 'LLM_REQUEST_INVALID' && namesModel)) {
    const fix = listed.length === 0 ? 'Check the name of the model.' : isListed ? 'The server lists this model but does not serve it to this key. Choose another one.' : `The server does not list it. It has, for example: ${similarTo(model, listed).join(', ')}.`;
    return new StageError('MODEL_NOT_FOUND', `There is no model “${model}” for this key. ${error.message}`, fix, status);
  }
  return new StageError(error.code, error.message, fixes[error.code] ?? 'Read what the server says, and check model and base URL.', status);
}

/** The smallest real call: a few tokens. Throws StageError. */
export async function callMinimally(languageModel: LanguageModel, { model, listed, signal }: { model: string; listed: readonly ListedModel[] | undefined; signal: AbortSignal }): Promise<string> {
  try {
    const { usage, text } = await languageModel.generate({ model, system: '', messages: [{ role: 'user', content: 'Say ok' }], tools: [], maxOutputTokens: 16 }, { signal });
    const tokens = usage.outputTokens === undefined ? '' : `, ${usage.outputTokens} tokens`;
    return `${model} answers${text === '' ? '' : `: “${text.replace(/[\s\p{C}]+/gu, ' ').trim().slice(0, 40).toWellFormed()}”`}${tokens}.`;
  } catch (error) {
    if (signal.aborted) throw new StageError('NO_ANSWER', `${model} did not answer in time.`, 'A server of one\'s own may still be loading the model: test again in a moment.');
    if (!(error instanceof AppError)) throw error;
    throw explain(error, model, listed ?? []);
  }
}
