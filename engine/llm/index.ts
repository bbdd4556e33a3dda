// Lives here: the LanguageModel port, its providers (one folder each), prices and context windows.
// Does not: what a model is asked or what its answer means for a run (reasoning), what fits a prompt (context).
export { contextWindowOf } from './context-window.ts';
export { createLanguageModels, type LanguageModels, type ResolvedModel } from './language-models.ts';
export { costMicroUsd } from './prices/cost-by-name.ts';
export { configurationHintOf, type ConnectionAccess, findConnectionAccess, isConfigured, keyOwner, type ServerAccess, toBuiltInAccess } from './connection-access.ts';
export { officialUrls } from './official-urls.ts';
