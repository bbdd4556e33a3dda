import { type EndpointName, endpoints, type ResponseOf } from '@contracts/endpoints.ts';
import type { z } from 'zod';
import { ApiError, toApiError } from './api-error.ts';
import { Session } from './session.ts';

type InputOf<Schema extends z.ZodType> = z.input<Schema>;
type Definition<Name extends EndpointName> = (typeof endpoints)[Name];

/** What a call takes: the parts its contract names, in the form before defaults are filled in. */
export interface CallInput<Name extends EndpointName> {
  params?: InputOf<Definition<Name>['params']>;
  query?: InputOf<Definition<Name>['query']>;
  body?: InputOf<Definition<Name>['body']>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface ApiClient {
  /**
   * Calls an endpoint of the contract and answers its parsed body.
   * @throws ApiError with the server's code; SERVER_UNREACHABLE when no answer came; INTERNAL when the answer breaks the contract.
   */
  call: <Name extends EndpointName>(name: Name, input?: CallInput<Name>) => Promise<ResponseOf<Name>>;
  /** `fetch` with the bearer token, renewed once on 401. For streams and downloads. */
  fetchAuthorized: (path: string, init?: RequestInit) => Promise<Response>;
  /** A new access token from the renewal cookie; simultaneous callers share one request. False when refused. */
  renew: () => Promise<boolean>;
  session: Session;
}

/** Fills `:name` parts of a contract path; values are percent-encoded. */
export const fillPath = (path: string, params: Record<string, unknown> = {}): string =>
  path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));

/** A query string with its `?`, or nothing. Lists repeat the name; null, undefined and empty strings are left out. */
export const toQueryString = (query: Record<string, unknown> = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(name, String(one));
    }
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};

/** Runs `work` while no other tab does the same, where the browser can tell: the renewal cookie changes on each use. */
const oneTabAtATime = <Result>(work: () => Promise<Result>): Promise<Result> =>
  globalThis.navigator?.locks === undefined ? work() : navigator.locks.request('maestro-renew', work);

/**
 * The one way the app talks to the api. `baseUrl` is empty in the browser (same origin).
 */
export const createApiClient = ({
  baseUrl = '',
  session = new Session(),
  fetch: send = (input, init) => globalThis.fetch(input, init),
}: { baseUrl?: string; session?: Session; fetch?: typeof globalThis.fetch } = {}): ApiClient => {
  let renewal: Promise<boolean> | undefined;

  const request = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      return await send(`${baseUrl}${path}`, { credentials: 'same-origin', ...init });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new ApiError('SERVER_UNREACHABLE', undefined, { status: 0, cause });
    }
  };

  const parseAnswer = async <Name extends EndpointName>(name: Name, response: Response): Promise<ResponseOf<Name>> => {
    const requestId = response.headers.get('x-request-id');
    const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => null);
    const parsed = endpoints[name].response.safeParse(body);
    if (parsed.success) return parsed.data as ResponseOf<Name>;
    throw new ApiError('INTERNAL', 'The server answered in a form this page does not know. Reload the page.', {
      status: response.status,
      requestId,
      cause: parsed.error,
    });
  };

  const renewOnce = async (): Promise<boolean> => {
    const response = await oneTabAtATime(() => request(endpoints.renewToken.path, { method: 'POST' }));
    if (response.ok) {
      session.accept(await parseAnswer('renewToken', response));
      return true;
    }
    // Only a refusal ends the session: a server that is down says nothing about it.
    if (response.status === 401 || response.status === 403) {
      session.refuse();
      return false;
    }
    throw await toApiError(response);
  };

  const renew = (): Promise<boolean> => {
    renewal ??= renewOnce().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  const fetchAuthorized = async (path: string, init: RequestInit = {}): Promise<Response> => {
    if (session.isExpiring()) await renew();
    const attempt = (): Promise<Response> => {
      const headers = new Headers(init.headers);
      if (session.token !== null) headers.set('authorization', `Bearer ${session.token}`);
      return request(path, { ...init, headers });
    };
    const usedToken = session.token;
    const response = await attempt();
    if (response.status !== 401) return response;
    // Another call may have renewed the token while this one was under way.
    const isRenewed = session.token !== null && session.token !== usedToken ? true : await renew();
    if (!isRenewed) return response;
    await response.body?.cancel();
    return attempt();
  };

  const call: ApiClient['call'] = async (name, input = {}) => {
    const endpoint = endpoints[name];
    const path = fillPath(endpoint.path, input.params as Record<string, unknown>) + toQueryString(input.query as Record<string, unknown>);
    const init: RequestInit = {
      method: endpoint.method.toUpperCase(),
      headers: { accept: 'application/json', ...(input.body === undefined ? {} : { 'content-type': 'application/json' }), ...input.headers },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    };
    const response = endpoint.access === 'public' ? await request(path, init) : await fetchAuthorized(path, init);
    if (!response.ok) throw await toApiError(response);
    return parseAnswer(name, response);
  };

  return { call, fetchAuthorized, renew, session };
};

/** The client of this tab. */
export const api = createApiClient();
