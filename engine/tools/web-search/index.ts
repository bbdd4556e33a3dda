// Lives here: the web_search tool, its port to search engines, and one file per engine.
// Does not: reading what was found (http_request).
export { webSearchSettingsSchema } from './settings.ts';
export { createSearchProvider, createWebSearchTool, webSearchArgumentsSchema } from './web-search.ts';
