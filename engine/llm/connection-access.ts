import type { Kysely } from 'kysely';
import { type ConnectionApi, connectionApiSchema, type ConnectionLimits } from '../../contracts/connections.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { type ConnectionRow, findConnection } from '../../db/repositories/llm-connections.repository.ts';
import type { Config } from '../../platform/config.ts';
import { type SecretBox, SecretBoxError } from '../../platform/secret-box.ts';
import { apiFacts, isOfficialUrl, settingNamesOf } from './api-facts.ts';

/** How a server that serves models is reached. Holds the key: it never leaves the engine and is never logged. */
export interface ServerAccess {
  api: ConnectionApi;
  /** Null: the provider's own address. */
  baseUrl: string | null;
  apiKey: string | undefined;
}

/** A connection with everything needed to use it. */
export interface ConnectionAccess extends ServerAccess {
  /** `openai`, `anthropic` or the id of a row. */
  id: string;
  name: string;
  isBuiltIn: boolean;
  isEnabled: boolean;
  /** Changes with each change of the connection; those of the configuration stay at 1. */
  version: number;
  limits: ConnectionLimits;
}

/** What the key of a connection is sealed for. */
export const keyOwner = (connectionId: string): string => `llm_connection:${connectionId}`;

const noLimits: ConnectionLimits = { requests_per_minute: null, tokens_per_minute: null };

/** A provider's connection of the configuration, configured or not. */
export const toBuiltInAccess = (api: ConnectionApi, { apiKey, baseUrl }: Config['llm'][ConnectionApi]): ConnectionAccess => ({
  id: api, name: apiFacts[api].builtInLabel, api, baseUrl: baseUrl ?? null, apiKey, isBuiltIn: true, isEnabled: true, version: 1, limits: noLimits,
});

/** A connection an admin made. Throws LLM_NOT_CONFIGURED when its key cannot be opened. */
export function toStoredAccess(row: ConnectionRow, secretBox: SecretBox | undefined): ConnectionAccess {
  const { id, name, api, base_url: baseUrl, is_enabled: isEnabled, version, limits } = row;
  return { id, name, api, baseUrl, apiKey: openKey(row, secretBox), isBuiltIn: false, isEnabled, version, limits };
}

function openKey({ id, name, api_key_sealed: sealed }: ConnectionRow, secretBox: SecretBox | undefined): string | undefined {
  if (sealed === null) return undefined;
  try {
    if (secretBox === undefined) throw new SecretBoxError('wrong_key');
    return secretBox.open(sealed, keyOwner(id));
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error;
    throw new AppError('LLM_NOT_CONFIGURED', `The stored key of the connection ${name} cannot be read: ${error.message} Enter the key anew, or bring the encryption key back.`, { cause: error });
  }
}

/** A server of one's own may want no key; a provider's own address always does. */
export const isConfigured = ({ api, baseUrl, apiKey }: { api: ConnectionApi; baseUrl: string | null; apiKey: unknown }): boolean =>
  (apiKey !== undefined && apiKey !== null) || (baseUrl !== null && !isOfficialUrl(api, baseUrl));

/** What to do about a connection that is not configured. */
export const configurationHintOf = ({ api, isBuiltIn }: Pick<ConnectionAccess, 'api' | 'isBuiltIn'>): string =>
  isBuiltIn ? `Set ${settingNamesOf(api, { isBuiltIn }).key}, and ${settingNamesOf(api, { isBuiltIn }).baseUrl} for a compatible server.` : 'Give the connection a key, or the base URL of a server that wants none.';

/** The connection of this id, built-in or an admin's; undefined when there is none that calls a model. Throws LLM_NOT_CONFIGURED as above. */
export async function findConnectionAccess({ config, db, secretBox }: { config: Config['llm']; db: Kysely<Database>; secretBox: SecretBox }, connectionId: string): Promise<ConnectionAccess | undefined> {
  const builtIn = connectionApiSchema.safeParse(connectionId);
  if (builtIn.success) return toBuiltInAccess(builtIn.data, config[builtIn.data]);
  const row = await findConnection(db, connectionId);
  return row === undefined ? undefined : toStoredAccess(row, secretBox);
}
