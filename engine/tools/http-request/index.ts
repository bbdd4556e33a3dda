// Lives here: the http_request tool and the guard that keeps it off every network but the public internet.
// Does not: which hosts an agent may talk to (policy, from the facts).
export { createHttpRequestTool, type HttpRequestArguments, httpRequestArgumentsSchema } from './http-request.ts';
export { httpRequestSettingsSchema } from './settings.ts';
