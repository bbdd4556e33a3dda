// Lives here: the http_request tool and the guard that keeps it off every network but the public internet.
// Does not: which hosts an agent may talk to (policy, from the facts); where a secret may go (engine/secrets).
export { httpRequestArgumentsSchema, problemOfUrl } from './arguments.ts';
export { postGuarded } from './guarded-post.ts';
export { createHttpRequestTool, type OfferedSecret } from './http-request.ts';
export { httpRequestSettingsSchema } from './settings.ts';
