import type { ConnectionApi } from '../../contracts/connections.ts';
import { modelApis } from './model-apis.ts';

/** A compatible server serves models of any size under any name. Too small costs old turns, too large ends the run. */
const guess = 32_000;

const find = (api: ConnectionApi, model: string): number | undefined => modelApis[api].contextWindows.find(([prefix]) => prefix.test(model))?.[1];

/** Tokens the model reads at most; a careful guess for models that are not known. */
export const contextWindowOf = (api: ConnectionApi, model: string): number => find(api, model) ?? guess;

/** Whether a model's window is known and not guessed. */
export const isKnownModel = (api: ConnectionApi, model: string): boolean => find(api, model) !== undefined;
