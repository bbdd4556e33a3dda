// Lives here: the LanguageModel port, its providers (one folder each), connections, prices, context windows, and what all workers share
// of a connection (capacity, circuit, kept answers; each has an index of its own).
// Does not: what a model is asked or what its answer means for a run (reasoning), what fits a prompt (context).
export { type AnswerCache, createAnswerCache } from './answer-cache/index.ts';
export { type Capacity, createCapacity } from './capacity/index.ts';
export { type Circuits, createCircuits } from './circuit/index.ts';
export { configurationHintOf, type ConnectionAccess, findConnectionAccess, isConfigured, keyOwner, type ServerAccess, toBuiltInAccess } from './connection-access.ts';
export { createLanguageModels, type LanguageModels, type ResolvedModel } from './language-models.ts';
export { askForModels, below, type ServerAnswer } from './model-list/ask-server.ts';
export { createModelLists, type ModelLists } from './model-list/model-lists.ts';
export { parseModelList, seemsToConverse } from './model-list/parse-model-list.ts';
export { addressOf, apiFacts, isOfficialUrl, scriptedLabel, settingNamesOf } from './api-facts.ts';
export { isMarkup } from './call-provider.ts';
export { toShownUrl } from './endpoint.ts';
export { cheapestOf, listBuiltInPrices } from './prices/built-in-prices.ts';
export { modelApis } from './model-apis.ts';
