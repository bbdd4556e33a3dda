// Lives here: the LanguageModel port, its providers (one folder each), prices and context windows.
// Does not: what a model is asked or what its answer means for a run (reasoning), what fits a prompt (context).
export { contextWindowOf } from './context-window.ts';
export { createLanguageModels, type LanguageModels, type ResolvedModel } from './language-models.ts';
export { costMicroUsd } from './prices/cost-by-name.ts';
export { checkSettings } from './check-settings.ts';
export { configurationHintOf, type ConnectionAccess, findConnectionAccess, isConfigured, keyOwner, type ServerAccess, toBuiltInAccess } from './connection-access.ts';
export { isOfficialUrl, officialUrls } from './official-urls.ts';
export { askForModels, below, type ServerAnswer } from './model-list/ask-server.ts';
export { createModelLists, type ModelLists } from './model-list/model-lists.ts';
export { parseModelList, seemsToConverse } from './model-list/parse-model-list.ts';
export { cheapestOf, listBuiltInPrices } from './prices/built-in-prices.ts';
export { toLanguageModel } from './to-language-model.ts';
