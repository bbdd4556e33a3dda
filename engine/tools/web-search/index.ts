// Lives here: the web_search tool, its port to search engines, and one file per engine.
// Does not: reading what was found (http_request).
export { createSearchProvider } from './create-search-provider.ts';
export type { SearchProvider } from './search-provider.ts';
export { webSearchSettingsSchema } from './settings.ts';
export { createWebSearchTool, searchProviderOf, webSearchArgumentsSchema } from './web-search.ts';
