import type { z } from 'zod';
import { type EndpointName, endpoints, type ResponseOf, streamEndpoints } from '../../contracts/endpoints.ts';
import { StartError } from '../start-error.ts';

interface Input<Name extends EndpointName> {
  params?: z.input<(typeof endpoints)[Name]['params']>;
  query?: z.input<(typeof endpoints)[Name]['query']>;
  body?: z.input<(typeof endpoints)[Name]['body']>;
}

/** A signed-in person of the demo, over HTTP only; answers are parsed with their contracts. */
export class DemoClient {
  readonly #url: string;
  readonly #credentials: { email: string; password: string };
  #token: string | undefined;

  constructor(url: string, credentials: { email: string; password: string }) {
    this.#url = url;
    this.#credentials = credentials;
  }

  /** @throws StartError when the password is no longer the one this installation generated. */
  async signIn(): Promise<void> {
    const response = await fetch(`${this.#url}${endpoints.signIn.path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(this.#credentials) });
    if (response.status === 401) throw new StartError(`${this.#credentials.email} cannot sign in with the generated password any more: set MAESTRO_ADMIN_EMAIL and MAESTRO_ADMIN_PASSWORD to those of an admin.`);
    if (!response.ok) throw new Error(`signing in was answered with ${response.status}: ${await response.text()}`);
    this.#token = endpoints.signIn.response.parse(await response.json()).access_token;
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const attempt = (): Promise<Response> => fetch(`${this.#url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${this.#token}` } });
    const response = await attempt();
    if (response.status !== 401) return response;
    // Tokens live 15 minutes; a person may think longer.
    await response.body?.cancel();
    await this.signIn();
    return attempt();
  }

  async call<Name extends EndpointName>(name: Name, input: Input<Name> = {}): Promise<ResponseOf<Name>> {
    const { method, path, response: answer } = endpoints[name];
    const params = (input.params ?? {}) as Record<string, string>;
    const query = new URLSearchParams(Object.entries((input.query ?? {}) as Record<string, unknown>).flatMap(([key, value]) => [value].flat().map((one): [string, string] => [key, String(one)])));
    const target = path.replace(/:([a-z_]+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''));
    const response = await this.#send(query.size === 0 ? target : `${target}?${query.toString()}`, {
      method: method.toUpperCase(),
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body), headers: { 'content-type': 'application/json' } }),
    });
    const body = response.status === 204 ? undefined : await response.json();
    if (!response.ok) throw new Error(`${method.toUpperCase()} ${target} was answered with ${response.status}: ${JSON.stringify(body)}`);
    return answer.parse(body) as ResponseOf<Name>;
  }

  /** Calls back whenever something happens to a run, until aborted. It may end before, or never say anything: it only shortens waiting. */
  async followRun(runId: string, onEvent: () => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const response = await this.#send(`${streamEndpoints.events.path}?run_id=${runId}`, { headers: { accept: 'text/event-stream' }, signal });
        if (!response.ok || response.body === null) return;
        for await (const _chunk of response.body) onEvent();
      } catch {
        if (signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }
}
