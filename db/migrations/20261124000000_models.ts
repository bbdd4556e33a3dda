import { type Kysely, sql } from 'kysely';

const statements = [
  // Connections to models that an admin made; those of the configuration have no row here.
  `create table llm_connections (
    id uuid primary key,
    name text not null,
    api text not null check (api in ('openai', 'anthropic')),
    base_url text,
    -- AES-256-GCM, bound to the connection's id; see platform/secret-box.ts
    api_key_sealed text,
    api_key_hint text,
    limits jsonb not null,
    is_enabled boolean not null default true,
    version integer not null default 1,
    created_by uuid references users on delete set null,
    updated_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index llm_connections_name_key on llm_connections (lower(name))`,
  // What is known of every connection, those of the configuration included: circuit, rates, models, last test.
  `create table llm_connection_states (
    connection_id text primary key,
    circuit text not null default 'closed' check (circuit in ('closed', 'open', 'half_open')),
    failures_in_row integer not null default 0,
    retry_at timestamptz,
    trial_until timestamptz,
    last_error jsonb,
    last_success_at timestamptz,
    learned_limits jsonb,
    -- When the next request and its tokens may go, by the generic cell rate algorithm; nothing goes before blocked_until.
    requests_due_at timestamptz,
    tokens_due_at timestamptz,
    blocked_until timestamptz,
    models jsonb,
    models_fetched_at timestamptz,
    models_error jsonb,
    last_test jsonb
  )`,
  // A place in the line of a connection at its limit; one for each turn that waits.
  `create table llm_reservations (
    run_id uuid not null references runs on delete cascade,
    iteration integer not null,
    connection_id text not null,
    due_at timestamptz not null,
    tokens integer not null,
    created_at timestamptz not null default now(),
    primary key (run_id, iteration, connection_id)
  )`,
  `create index llm_reservations_connection_id_index on llm_reservations (connection_id, due_at)`,
  `create table llm_prices (
    id uuid primary key,
    connection_id text,
    provider text not null check (provider in ('openai', 'anthropic')),
    model text not null,
    -- micro-USD per million tokens
    input bigint not null,
    output bigint not null,
    cached_input bigint,
    cache_write bigint,
    source text not null,
    as_of date not null,
    updated_by uuid references users on delete set null,
    updated_at timestamptz not null default now()
  )`,
  `create unique index llm_prices_model_key on llm_prices (provider, model, coalesce(connection_id, ''))`,
  // Answers kept for identical requests. A row without an answer is a request under way: one run asks, the others wait for it.
  `create table llm_answers (
    key text primary key,
    agent_id uuid not null,
    connection_id text not null,
    model text not null,
    answer jsonb,
    bytes integer not null default 0,
    cost_micro_usd bigint,
    hits integer not null default 0,
    saved_micro_usd bigint not null default 0,
    leader text,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz
  )`,
  `create index llm_answers_agent_id_index on llm_answers (agent_id)`,
  `create index llm_answers_expires_at_index on llm_answers (expires_at)`,
  // Every request to a model, one row each.
  `create table model_calls (
    id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    iteration integer not null,
    attempt integer not null,
    llm_provider text not null,
    connection_id text not null,
    connection_name text not null,
    llm_model text not null,
    status text not null check (status in ('running', 'succeeded', 'failed', 'abandoned')),
    is_cached boolean not null default false,
    error jsonb,
    action text check (action in ('retry', 'fallback', 'compact', 'repair', 'end')),
    retry_at timestamptz,
    input_tokens integer,
    output_tokens integer,
    cached_input_tokens integer,
    cache_write_tokens integer,
    reasoning_tokens integer,
    raw_usage jsonb,
    cost_micro_usd bigint,
    first_token_ms integer,
    request_url text,
    -- hash of a content: the parts the body is put together from
    request_ref text,
    request_bytes integer,
    dropped_turns integer not null default 0,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    unique (run_id, iteration, attempt)
  )`,
  `create index model_calls_started_at_index on model_calls (started_at)`,

  `alter table steps add column cache_write_tokens integer, add column llm_connection text, add column is_fallback boolean not null default false,
    add column is_cached boolean not null default false, add column saved_micro_usd bigint, add column first_token_ms integer,
    add column waiting_reason text check (waiting_reason in ('capacity', 'retry', 'same_request')), add column waiting_until timestamptz`,
  `alter table runs add column cache_write_tokens bigint not null default 0`,
  `create index events_draft_index on events (run_id, id) where type = 'text-delta'`,
  // Definitions from before these fields existed say what they meant: no fallback, no cache, the provider's own connection.
  `update agent_versions set definition = '{"llm_connection": null, "fallbacks": [], "parameters": {"top_p": null, "stop_sequences": [], "seed": null, "frequency_penalty": null, "presence_penalty": null, "reasoning_effort": null, "thinking_budget_tokens": null, "parallel_tool_calls": null}, "cache_policy": {"mode": "off", "ttl_seconds": 86400}, "output_schema": null}'::jsonb || definition`,
];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`delete from events where type in ('text-delta', 'connection-changed')`.execute(db);
  await sql`drop index events_draft_index`.execute(db);
  await sql`alter table runs drop column cache_write_tokens`.execute(db);
  await sql`alter table steps drop column cache_write_tokens, drop column llm_connection, drop column is_fallback, drop column is_cached, drop column saved_micro_usd, drop column first_token_ms, drop column waiting_reason, drop column waiting_until`.execute(db);
  for (const table of ['model_calls', 'llm_answers', 'llm_prices', 'llm_reservations', 'llm_connection_states', 'llm_connections']) await sql`drop table ${sql.table(table)}`.execute(db);
  // Version rows keep the fields that were added: a schema that does not know them reads past them.
}
