import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { ConnectionApi, ConnectionLimits, ConnectionTest, ListedModel } from '../../contracts/connections.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { LlmConnectionsTable, LlmConnectionStatesTable } from '../tables/models.table.ts';
import type { PriceOverride } from './llm-prices.repository.ts';

export type ConnectionRow = Selectable<LlmConnectionsTable>;
export type ConnectionStateRow = Selectable<LlmConnectionStatesTable>;
/** A connection with the name of whoever changed it last. */
export type ConnectionWithEditor = ConnectionRow & { editor: string | null };

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

export interface NewConnection {
  id: string;
  name: string;
  api: ConnectionApi;
  baseUrl: string | null;
  apiKeySealed: string | null;
  apiKeyHint: string | null;
  limits: ConnectionLimits;
  isEnabled: boolean;
  createdBy: string | null;
}

/** Adds a connection. A name that is taken, whatever its case, violates `llm_connections_name_key`. */
export async function insertConnection(trx: Kysely<Database>, connection: NewConnection): Promise<void> {
  const { id, api, createdBy } = connection;
  await trx
    .insertInto('llm_connections')
    .values({
      id, api, name: toStorableText(connection.name), base_url: connection.baseUrl, api_key_sealed: connection.apiKeySealed, api_key_hint: connection.apiKeyHint,
      limits: toJsonb(connection.limits), is_enabled: connection.isEnabled, created_by: createdBy, updated_by: createdBy,
    })
    .execute();
}

/** Writes what may change of a connection, as its next version. */
export async function updateConnectionRow(trx: Transaction<Database>, connection: Omit<NewConnection, 'createdBy' | 'api'> & { version: number; updatedBy: string | null }): Promise<void> {
  await trx
    .updateTable('llm_connections')
    .set({
      name: toStorableText(connection.name), base_url: connection.baseUrl, api_key_sealed: connection.apiKeySealed, api_key_hint: connection.apiKeyHint,
      limits: toJsonb(connection.limits), is_enabled: connection.isEnabled, version: connection.version, updated_by: connection.updatedBy, updated_at: new Date(),
    })
    .where('id', '=', connection.id)
    .execute();
}

export async function findConnection(db: Kysely<Database>, connectionId: string): Promise<ConnectionRow | undefined> {
  if (!isUuid(connectionId)) return undefined;
  return db.selectFrom('llm_connections').selectAll().where('id', '=', connectionId).executeTakeFirst();
}

/** A connection, held until the transaction ends. */
export async function lockConnection(trx: Transaction<Database>, connectionId: string): Promise<ConnectionRow | undefined> {
  if (!isUuid(connectionId)) return undefined;
  return trx.selectFrom('llm_connections').selectAll().where('id', '=', connectionId).forUpdate().executeTakeFirst();
}

/** All connections an admin made, by name. */
export async function listConnectionRows(db: Kysely<Database>): Promise<ConnectionWithEditor[]> {
  return db
    .selectFrom('llm_connections')
    .leftJoin('users', 'users.id', 'llm_connections.updated_by')
    .selectAll('llm_connections')
    .select('users.name as editor')
    .orderBy(sql`lower(llm_connections.name)`)
    .execute();
}

/** What is known of each connection by its id, those of the configuration included; none yet where nothing was asked. */
export async function listConnectionStates(db: Kysely<Database>): Promise<Map<string, ConnectionStateRow>> {
  const rows = await db.selectFrom('llm_connection_states').selectAll().execute();
  return new Map(rows.map((row) => [row.connection_id, row]));
}

/** Takes a connection away with what was set for it and known of it. */
export async function deleteConnectionRow(trx: Transaction<Database>, connectionId: string): Promise<void> {
  await trx.deleteFrom('llm_connections').where('id', '=', connectionId).execute();
  await forgetConnection(trx, connectionId);
}

/** Forgets what was learned of a server that is no longer behind this connection: circuit, limits, models, test, kept answers, places in line. */
export async function forgetConnection(trx: Transaction<Database>, connectionId: string): Promise<void> {
  await sql`
    with state as (delete from llm_connection_states where connection_id = ${connectionId}),
      answers as (delete from llm_answers where connection_id = ${connectionId})
    delete from llm_reservations where connection_id = ${connectionId}`.execute(trx);
}

export interface ConnectionUses {
  /** Agents that are not deleted and name the connection now, as their model or a fallback, by name. */
  agents: { id: string; name: string }[];
  /** Runs that have not ended and whose version of the agent names it. */
  openRuns: number;
}

/** Who uses which connection, by its id; those of the configuration go by their provider. */
export async function listConnectionUses(db: Kysely<Database>): Promise<Map<string, ConnectionUses>> {
  const targets = sql`
    lateral (
      select v.definition as target union all
      select jsonb_array_elements(case jsonb_typeof(v.definition -> 'fallbacks') when 'array' then v.definition -> 'fallbacks' else '[]'::jsonb end)
    ) t`;
  const named = sql`coalesce(t.target ->> 'llm_connection', t.target ->> 'llm_provider')`;
  const { rows } = await sql<{ connection_id: string; agents: ConnectionUses['agents']; open_runs: number }>`
    with using_agents as (
      select distinct ${named} as connection_id, a.id, a.name
      from agents a join agent_versions v on v.agent_id = a.id and v.version = a.current_version, ${targets}
      where a.deleted_at is null
    ), using_runs as (
      select distinct ${named} as connection_id, r.id
      from runs r join agent_versions v on v.agent_id = r.agent_id and v.version = r.agent_version, ${targets}
      where r.phase in ('queued', 'running', 'waiting_for_approval', 'paused')
    ), agents_of as (
      select connection_id, jsonb_agg(jsonb_build_object('id', id, 'name', name) order by lower(name), id) as agents from using_agents group by 1
    ), runs_of as (select connection_id, count(*) as open_runs from using_runs group by 1)
    select connection_id, coalesce(agents, '[]') as agents, coalesce(open_runs, 0)::bigint as open_runs from agents_of full join runs_of using (connection_id)`.execute(db);
  return new Map(rows.map((row) => [row.connection_id, { agents: row.agents, openRuns: row.open_runs }]));
}

/** Everything a call needs to know of a connection, in one statement. */
export interface ConnectionForUse {
  /** Undefined for those of the configuration, and when there is none. */
  connection: ConnectionRow | undefined;
  /** The model as the server listed it last. */
  listed: ListedModel | undefined;
  modelsFetchedAt: Date | undefined;
  prices: PriceOverride[];
}

/** @param wanted.priceNames names under which the model's price may have been set. */
export async function findConnectionForUse(db: Kysely<Database>, wanted: { connectionId: string; provider: ConnectionApi; model: string; priceNames: readonly string[] }): Promise<ConnectionForUse> {
  const { connectionId, provider, model, priceNames } = wanted;
  const { rows } = await sql<{ connection: (Omit<ConnectionRow, 'created_at' | 'updated_at'> & { created_at: string; updated_at: string }) | null; listed: ListedModel | null; fetched_at: Date | null; prices: PriceOverride[] }>`
    select
      (select to_jsonb(c) from llm_connections c where c.id = ${isUuid(connectionId) ? connectionId : null}::uuid) as connection,
      (select m from llm_connection_states s, jsonb_array_elements(s.models) m where s.connection_id = ${connectionId} and m ->> 'id' = ${toStorableText(model)} limit 1) as listed,
      (select models_fetched_at from llm_connection_states where connection_id = ${connectionId}) as fetched_at,
      (select coalesce(jsonb_agg(jsonb_build_object('connection_id', connection_id, 'provider', provider, 'model', model, 'input', input, 'output', output, 'cached_input', cached_input, 'cache_write', cache_write)), '[]')
        from llm_prices where provider = ${provider} and model = any(${priceNames.map(toStorableText)}::text[]) and (connection_id is null or connection_id = ${connectionId})) as prices`.execute(db);
  const row = rows[0];
  return {
    connection: row?.connection == null ? undefined : { ...row.connection, created_at: new Date(row.connection.created_at), updated_at: new Date(row.connection.updated_at) },
    listed: row?.listed ?? undefined, modelsFetchedAt: row?.fetched_at ?? undefined, prices: row?.prices ?? [],
  };
}

/** A model list as it was found last. */
export interface KnownModels {
  models: ListedModel[] | null;
  fetchedAt: Date | null;
  error: { code: string; message: string } | null;
}

export async function findKnownModels(db: Kysely<Database>, connectionId: string): Promise<KnownModels | undefined> {
  return db
    .selectFrom('llm_connection_states')
    .select(['models', 'models_fetched_at as fetchedAt', 'models_error as error'])
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
}

/** Keeps a list, or why there is none: a list that could not be renewed stays beside the error. */
export async function saveKnownModels(db: Kysely<Database>, connectionId: string, found: { models: readonly ListedModel[] } | { error: { code: string; message: string } }): Promise<void> {
  const change = 'models' in found
    ? { models: toJsonb(found.models), models_error: null, models_fetched_at: sql<Date>`now()` }
    : { models_error: toJsonb(found.error), models_fetched_at: sql<Date>`now()` };
  await db
    .insertInto('llm_connection_states')
    .values({ connection_id: connectionId, ...change })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(change))
    .execute();
}

export async function saveLastTest(db: Kysely<Database>, connectionId: string, test: ConnectionTest): Promise<void> {
  const change = { last_test: toJsonb(test) };
  await db
    .insertInto('llm_connection_states')
    .values({ connection_id: connectionId, ...change })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(change))
    .execute();
}
