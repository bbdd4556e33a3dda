import type { ListedModel } from '../../../../contracts/connections.ts';
import { toLine } from '../../../../platform/shorten.ts';
import { systemCodeOf } from '../../../../platform/system-code.ts';
import { addressOf, apiFacts, askForModels, below, isMarkup, isOfficialUrl, modelApis, parseModelList, type ServerAccess, type ServerAnswer } from '../../../llm/index.ts';
import { speaksTls, toTarget } from '../../stages/reach.ts';
import { StageError } from '../../stages/stage-error.ts';

/** The models a server lists; undefined: it answers, but has no list. */
export type SignIn = { models: ListedModel[] | undefined; detail: string };

interface Request {
  access: ServerAccess;
  /** A model is given: a server without a list can still be asked. */
  hasModel: boolean;
  /** The key was left out because the address is not the stored one. */
  isKeyWithheld: boolean;
  signal: AbortSignal;
}

const maxSaid = 300;

const shown = (url: URL): string => `${url.origin}${url.pathname}`;
const modelsUrl = (access: ServerAccess, basePath = ''): string => shown(below(addressOf(access), `${basePath}${modelApis[access.api].listing.path}`));
const isWebPage = ({ headers, text }: ServerAnswer): boolean => isMarkup(text) || (headers.get('content-type') ?? '').includes('text/html');
const isSuccess = ({ status }: ServerAnswer): boolean => status >= 200 && status < 300;

/** What the server says is wrong, in one bounded line without the key. */
export function saidBy({ json, text }: Pick<ServerAnswer, 'json' | 'text'>, apiKey: string | undefined): string {
  const body = (json ?? {}) as { error?: { message?: unknown } | string; message?: unknown; detail?: unknown };
  const inner = typeof body.error === 'object' ? body.error.message : body.error;
  const said = [inner, body.message, body.detail, json === undefined ? text : undefined].find((value) => typeof value === 'string' && value.trim() !== '');
  if (typeof said !== 'string' || said.trimStart().startsWith('<')) return '';
  return toLine(apiKey === undefined ? said : said.replaceAll(apiKey, '[key]'), maxSaid);
}

const quoted = (said: string): string => (said === '' ? '' : ` It says: “${said}”`);

/** What a key's shape and the address tell about each other; undefined: nothing. */
function explainMixUp({ api, baseUrl, apiKey = '' }: ServerAccess): string | undefined {
  const host = new URL(addressOf({ api, baseUrl })).hostname;
  const otherApi = api === 'openai' ? 'anthropic' : 'openai';
  if (host === new URL(apiFacts[otherApi].officialUrl).hostname) return `The address is ${apiFacts[otherApi].name}'s, and the connection is set to speak the ${apiFacts[api].name} API. Choose ${apiFacts[otherApi].name}, or change the base URL.`;
  if (api === 'openai' && apiKey.startsWith('sk-ant-')) return 'The key looks like one of Anthropic, and the connection speaks the OpenAI API. Choose Anthropic, or enter a key of this server.';
  if (api === 'anthropic' && isOfficialUrl(api, baseUrl) && /^sk-(?!ant-)/.test(apiKey)) return 'The key looks like one of OpenAI, and this is Anthropic. Choose OpenAI, or enter a key of Anthropic.';
  return undefined;
}

/** Whether another path below the same origin answers as an API should; the key goes nowhere it would not go anyway. */
async function answersAt(access: ServerAccess, basePath: string, signal: AbortSignal): Promise<boolean> {
  const answer = await askForModels(access, { signal, basePath }).catch(() => undefined);
  return answer !== undefined && (isSuccess(answer) ? parseModelList(answer.json) !== undefined : (answer.status === 401 || answer.status === 403) && answer.json !== undefined);
}

/** A base URL without `/v1` where it belongs, or with one too many; undefined when neither is it. */
async function findRightPath({ access, signal }: Request): Promise<string | undefined> {
  const { pathname } = new URL(addressOf(access));
  const endsInVersion = /\/v\d+\/?$/.test(pathname);
  if (access.api === 'openai' && !endsInVersion && (await answersAt(access, '/v1', signal))) {
    return `The base URL probably lacks /v1: ${modelsUrl(access, '/v1')} answers. Set it to ${shown(below(addressOf(access), '/v1'))}.`;
  }
  if (access.api === 'anthropic' && endsInVersion) {
    const url = new URL(addressOf(access));
    url.pathname = pathname.replace(/\/v\d+\/?$/, '');
    const shorter = { ...access, baseUrl: url.href.replace(/\/$/, '') };
    if (await answersAt(shorter, '', signal)) return `The base URL has a /v1 too many: ${modelsUrl(shorter)} answers. Set it to ${shorter.baseUrl}.`;
  }
  return undefined;
}

const pathFix = async (request: Request): Promise<string> =>
  (await findRightPath(request)) ?? `Check the path of the base URL${request.access.api === 'openai' && !/\/v\d+\/?$/.test(new URL(addressOf(request.access)).pathname) ? '; most servers want it to end in /v1' : ''}.`;

function refuseKey(request: Request, answer: ServerAnswer): never {
  const { access, isKeyWithheld } = request;
  const { status } = answer;
  const mixUp = explainMixUp(access);
  const said = quoted(saidBy(answer, access.apiKey));
  if (mixUp !== undefined) throw new StageError('WRONG_PROVIDER', `The server refuses the key (HTTP ${status}).${said}`, mixUp, status);
  if (access.apiKey === undefined) {
    const fix = isKeyWithheld ? 'Enter the key anew: the stored one is only ever sent to the stored address.' : 'Enter a key.';
    throw new StageError('KEY_MISSING', `The server wants a key and was given none (HTTP ${status}).${said}`, fix, status);
  }
  if (status === 403) throw new StageError('KEY_FORBIDDEN', `The server knows the key but does not let it in (HTTP 403).${said}`, 'Check what the key may do: its project, its models, the addresses it may be used from.', status);
  throw new StageError('KEY_REFUSED', `The server refuses the key (HTTP ${status}).${said}`, 'Enter the key again, or make a new one at the provider.', status);
}

/** Reads the answer to the request for models: signed in, or exactly what is wrong. */
async function read(request: Request, answer: ServerAnswer): Promise<SignIn> {
  const { access, hasModel } = request;
  const { status } = answer;
  const said = quoted(saidBy(answer, access.apiKey));
  if (status === 401 || status === 403) {
    if (isWebPage(answer)) throw new StageError('WEB_PAGE', `${modelsUrl(access)} answers with a web page, not an API (HTTP ${status}).`, await pathFix(request), status);
    refuseKey(request, answer);
  }
  if (status === 400 && !new URL(addressOf(access)).protocol.startsWith('https') && /https/i.test(answer.text)) {
    throw new StageError('HTTPS_EXPECTED', 'The server speaks https on this port, and the base URL says http.', 'Write https:// instead of http:// in the base URL.', status);
  }
  if (status >= 300 && status < 400) {
    const location = answer.headers.get('location');
    const to = location !== null && URL.canParse(location, addressOf(access)) ? shown(new URL(location, addressOf(access))) : undefined;
    throw new StageError('REDIRECT', `${modelsUrl(access)} sends requests elsewhere (HTTP ${status}${to === undefined ? '' : `, to ${to}`}). They are not followed: the key would go along.`, 'Write the address it leads to as base URL, if it is the right one.', status);
  }
  if (status === 402 || (status === 429 && /quota|billing|credit/i.test(answer.text))) throw new StageError('NO_CREDIT', `The account has no credit left (HTTP ${status}).${said}`, 'Add credit at the provider.', status);
  if (status === 429) throw new StageError('RATE_LIMITED', `The server limits requests at the moment (HTTP 429).${said}`, 'Wait a little and test again.', status);
  if (status >= 500) throw new StageError('SERVER_ERROR', `The server answers with an error of its own (HTTP ${status}).${said}`, 'Look at the server, or at the status page of its provider, and test again.', status);
  const page = isSuccess(answer) ? parseModelList(answer.json) : undefined;
  if (page !== undefined) return { models: page.models, detail: `Signed in${access.apiKey === undefined ? ' without a key' : ''}; ${page.models.length} model${page.models.length === 1 ? '' : 's'} listed.` };
  const mixUp = explainMixUp(access);
  if (mixUp !== undefined) throw new StageError('WRONG_PROVIDER', `${modelsUrl(access)} does not answer as the ${apiFacts[access.api].name} API (HTTP ${status}).`, mixUp, status);
  const isMissing = status === 404 || status === 405 || status === 501;
  if (isMissing && !isWebPage(answer)) {
    const fix = await findRightPath(request);
    if (fix === undefined && hasModel) return { models: undefined, detail: `The server has no list of models (HTTP ${status}).` };
    throw new StageError('PATH_NOT_FOUND', `There is nothing at ${modelsUrl(access)} (HTTP ${status}).`, fix ?? `${await pathFix(request)} If the server has no list of models, name a model to test with.`, status);
  }
  if (isWebPage(answer)) throw new StageError('WEB_PAGE', `${modelsUrl(access)} answers with a web page, not an API (HTTP ${status}).`, await pathFix(request), status);
  if (!isSuccess(answer)) throw new StageError('REQUEST_REFUSED', `The server refuses the request (HTTP ${status}).${said}`, 'Check the base URL and which API the server speaks.', status);
  if (answer.json === undefined) throw new StageError('MALFORMED_JSON', `${modelsUrl(access)} answers with something that is not JSON (HTTP ${status}).`, await pathFix(request), status);
  throw new StageError('NOT_A_MODEL_LIST', `${modelsUrl(access)} answers with JSON that is no list of models (HTTP ${status}).`, await pathFix(request), status);
}

/** @see https://fetch.spec.whatwg.org/#port-blocking */
const isBlockedPort = (error: unknown): boolean => error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';

async function explainSilence({ access, signal }: Request, error: unknown): Promise<StageError> {
  const target = toTarget(addressOf(access));
  const code = systemCodeOf(error);
  if (error instanceof StageError) return error;
  if (signal.aborted) return new StageError('NO_ANSWER', 'The server takes connections but did not answer the request in time.', 'Check the port: something else may listen there. A server that is starting answers later.');
  if (isBlockedPort(error)) return new StageError('PORT_BLOCKED', `Port ${target.port} is reserved for another protocol: HTTP clients do not use it.`, 'Let the server listen at another port, e.g. 8080.');
  if (!target.isHttps && (await speaksTls(target, signal))) return new StageError('HTTPS_EXPECTED', 'The server speaks https on this port, and the base URL says http.', 'Write https:// instead of http:// in the base URL.');
  if (code?.startsWith('HPE_') === true) return new StageError('NOT_HTTP', 'What answers there does not speak HTTP.', 'Check the port in the base URL.');
  return new StageError('CUT_OFF', `The connection was cut before an answer${code === undefined ? '' : ` (${code})`}.`, 'Check the port in the base URL; a proxy in between may refuse the connection.');
}

/** Asks for the models with the key. Throws StageError. */
export async function signIn(request: Request): Promise<SignIn> {
  let answer: ServerAnswer;
  try {
    answer = await askForModels(request.access, { signal: request.signal });
  } catch (error) {
    throw await explainSilence(request, error);
  }
  return read(request, answer);
}
