import { type Kysely, sql } from 'kysely';

const statements = [
  `create extension if not exists vector`,

  `create table users (
    id uuid primary key,
    email text not null,
    name text not null,
    password_hash text,
    -- hash of the configured password last applied, so that a restart does not undo a password the person chose since
    seeded_password_hash text,
    role text not null check (role in ('viewer', 'operator', 'approver', 'admin')),
    is_disabled boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index users_email_key on users (lower(email))`,
  `create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    secret_hash text not null,
    previous_secret_hash text,
    rotated_at timestamptz,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz
  )`,
  `create index sessions_user_id_index on sessions (user_id)`,
  `create table sign_in_links (
    token_hash text primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
  )`,

  `create table agents (
    id uuid primary key,
    name text not null,
    current_version integer not null,
    is_demo boolean not null default false,
    created_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
  )`,
  `create unique index agents_name_key on agents (lower(name)) where deleted_at is null`,
  `create table agent_versions (
    agent_id uuid not null references agents on delete cascade,
    version integer not null check (version > 0),
    name text not null,
    definition jsonb not null,
    created_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    primary key (agent_id, version)
  )`,

  // Bodies that may be large (tool results, prompts) are stored once, named by their own hash.
  `create table contents (
    hash text primary key,
    body jsonb not null,
    bytes integer not null,
    created_at timestamptz not null default now()
  )`,

  `create table runs (
    id uuid primary key,
    agent_id uuid not null,
    agent_version integer not null,
    goal text not null,
    inputs jsonb not null,
    limits jsonb not null,
    phase text not null check (phase in ('queued', 'running', 'waiting_for_approval', 'paused', 'completed', 'failed', 'cancelled', 'timed_out')),
    phase_since timestamptz not null default now(),
    waiting_ms bigint not null default 0,
    iterations integer not null default 0,
    input_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cached_input_tokens bigint not null default 0,
    reasoning_tokens bigint not null default 0,
    has_unknown_usage boolean not null default false,
    cost_micro_usd bigint not null default 0,
    has_unknown_cost boolean not null default false,
    outputs jsonb,
    error jsonb,
    cancel_reason text,
    started_by uuid references users on delete set null,
    idempotency_key text,
    request_hash text not null,
    temporal_run_id text,
    start_accepted_at timestamptz,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    foreign key (agent_id, agent_version) references agent_versions (agent_id, version)
  )`,
  `create unique index runs_idempotency_key on runs (started_by, idempotency_key) where idempotency_key is not null`,
  `create index runs_created_at_index on runs (created_at desc, id desc)`,
  `create index runs_agent_id_index on runs (agent_id, created_at desc)`,
  `create index runs_open_index on runs (created_at) where phase in ('queued', 'running', 'waiting_for_approval', 'paused')`,

  `create table messages (
    id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    iteration integer not null,
    role text not null check (role in ('user', 'assistant')),
    source text not null check (source in ('operator', 'system', 'model')),
    text text not null,
    thought text,
    provider_state jsonb,
    finish_reason text,
    request_ref text references contents (hash),
    -- the newest message the model had seen when it said this
    seen_position bigint,
    position bigint generated always as identity,
    created_at timestamptz not null default now()
  )`,
  `create unique index messages_model_turn_key on messages (run_id, iteration) where source = 'model'`,
  `create index messages_run_id_index on messages (run_id, position)`,

  `create table tool_calls (
    id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    iteration integer not null,
    position integer not null,
    provider_call_id text not null,
    tool_name text not null,
    arguments jsonb,
    raw_arguments text,
    arguments_hash text,
    edited_arguments jsonb,
    risk_level text check (risk_level in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    effect text check (effect in ('none', 'idempotent', 'external')),
    idempotency_key text not null unique,
    state text not null check (state in ('proposed', 'invalid', 'allowed', 'awaiting_approval', 'denied', 'rejected', 'executing', 'succeeded', 'failed', 'outcome_unknown', 'cancelled')),
    attempts integer not null default 0,
    claimed_at timestamptz,
    -- since when an outside effect may have happened
    acting_at timestamptz,
    output_ref text references contents (hash),
    summary text,
    error jsonb,
    started_at timestamptz,
    finished_at timestamptz,
    created_at timestamptz not null default now(),
    unique (run_id, iteration, position)
  )`,
  `create unique index tool_calls_provider_call_id_key on tool_calls (run_id, provider_call_id)`,

  `create table safety_checks (
    id uuid primary key,
    tool_call_id uuid not null references tool_calls on delete cascade,
    run_id uuid not null,
    arguments_hash text not null,
    facts jsonb not null,
    risk_level text not null,
    verdict text not null check (verdict in ('allow', 'ask', 'deny')),
    reason text not null,
    policy_version text not null,
    matched_rules jsonb not null,
    created_at timestamptz not null default now(),
    unique (tool_call_id, arguments_hash)
  )`,
  `create index safety_checks_created_at_index on safety_checks (created_at)`,

  `create table hitl_requests (
    id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    agent_id uuid not null,
    tool_call_id uuid not null references tool_calls on delete cascade,
    kind text not null check (kind in ('tool_call', 'outcome_unknown')),
    status text not null check (status in ('pending', 'approved', 'approved_with_edits', 'rejected', 'expired', 'withdrawn')),
    version integer not null default 1,
    tool_name text not null,
    arguments jsonb not null,
    arguments_hash text not null,
    effect_sentence text not null,
    risk_level text not null,
    reason text not null,
    facts jsonb not null,
    policy_version text not null,
    matched_rules jsonb not null,
    forbids_self_approval boolean not null default false,
    requested_at timestamptz not null default now(),
    expires_at timestamptz,
    settled_at timestamptz
  )`,
  // One open question per call; an unknown outcome may be asked about again after "do it again".
  `create unique index hitl_requests_pending_key on hitl_requests (tool_call_id) where status = 'pending'`,
  `create index hitl_requests_status_index on hitl_requests (status, requested_at desc)`,
  `create index hitl_requests_run_id_index on hitl_requests (run_id)`,
  `create table hitl_decisions (
    id uuid primary key,
    request_id uuid not null unique references hitl_requests on delete cascade,
    verdict text not null check (verdict in ('approve', 'reject', 'confirm_happened', 'expire', 'withdraw')),
    door text not null check (door in ('api', 'temporal_signal', 'expiry', 'run_ended')),
    actor_id uuid references users on delete set null,
    actor_name text not null,
    note text,
    edited_arguments jsonb,
    edited_arguments_hash text,
    decided_at timestamptz not null default now(),
    taken_up_at timestamptz
  )`,

  `create table memories (
    id uuid primary key,
    agent_id uuid not null references agents on delete cascade,
    run_id uuid references runs on delete set null,
    tool_call_id uuid unique references tool_calls on delete set null,
    kind text not null check (kind in ('episode', 'fact', 'summary')),
    text text not null,
    search tsvector generated always as (to_tsvector('simple', text)) stored,
    -- vector store and embedding model its vector was written to; null: not indexed yet
    indexed_as text,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  )`,
  `create index memories_agent_id_index on memories (agent_id, created_at desc)`,
  `create index memories_search_index on memories using gin (search)`,
  `create index memories_run_id_index on memories (run_id)`,
  // An index of the rows above that can be rebuilt; the dimension follows the embedding model.
  `create table memory_vectors (
    memory_id uuid primary key references memories on delete cascade,
    agent_id uuid not null,
    embedding_model text not null,
    embedding vector not null
  )`,
  `create index memory_vectors_agent_id_index on memory_vectors (agent_id, embedding_model)`,

  // The trace: a thin index over the facts it points to.
  `create table steps (
    id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    iteration integer not null,
    sequence bigint generated always as identity,
    kind text not null check (kind in ('reasoning', 'safety', 'approval', 'tool', 'memory', 'finish')),
    status text not null check (status in ('running', 'waiting', 'completed', 'failed', 'refused', 'cancelled')),
    summary text,
    message_id uuid references messages on delete cascade,
    tool_call_id uuid references tool_calls on delete cascade,
    safety_check_id uuid references safety_checks on delete cascade,
    request_id uuid references hitl_requests on delete cascade,
    memory_id uuid references memories on delete set null,
    llm_model text,
    input_tokens bigint,
    output_tokens bigint,
    cached_input_tokens bigint,
    reasoning_tokens bigint,
    raw_usage jsonb,
    cost_micro_usd bigint,
    attempt integer not null default 1,
    error jsonb,
    started_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  `create index steps_run_id_index on steps (run_id, sequence)`,
  `create unique index steps_reasoning_key on steps (run_id, iteration) where kind = 'reasoning'`,
  `create unique index steps_tool_key on steps (tool_call_id) where kind = 'tool'`,
  `create unique index steps_request_key on steps (request_id) where kind = 'approval'`,
  `create unique index steps_memory_key on steps (tool_call_id) where kind = 'memory'`,
  `create unique index steps_finish_key on steps (run_id) where kind = 'finish'`,
  `create index steps_started_at_index on steps (started_at)`,

  // Readers go by (xid, id) and only below the oldest open transaction, so an event that commits late is never skipped.
  `create table events (
    id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    run_id uuid,
    type text not null,
    data jsonb not null,
    created_at timestamptz not null default now()
  )`,
  `create index events_order_index on events (xid, id)`,
  `create index events_created_at_index on events (created_at)`,

  `create table audit_log (
    sequence bigint primary key,
    at timestamptz not null,
    actor_id uuid,
    actor_name text not null,
    action text not null,
    object_type text not null,
    object_id text not null,
    before jsonb,
    after jsonb,
    request_id text,
    previous_hash text not null,
    hash text not null
  )`,
  `create table audit_head (
    id integer primary key check (id = 1),
    sequence bigint not null,
    hash text not null
  )`,
  `insert into audit_head (id, sequence, hash) values (1, 0, repeat('0', 64))`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin raise exception 'the audit log is append-only'; end
  $$`,
  `create trigger audit_log_append_only before update or delete on audit_log for each row execute function refuse_audit_change()`,

  `create table outbox_emails (
    id uuid primary key,
    message_id text not null,
    sender text not null,
    recipients jsonb not null,
    cc jsonb not null,
    subject text not null,
    text text not null,
    deliveries integer not null default 1,
    received_at timestamptz not null default now()
  )`,
  `create unique index outbox_emails_message_id_key on outbox_emails (message_id)`,

  `create table worker_heartbeats (
    identity text primary key,
    roles jsonb not null,
    started_at timestamptz not null,
    seen_at timestamptz not null
  )`,
];

const tables = [
  'worker_heartbeats', 'outbox_emails', 'audit_head', 'audit_log', 'events', 'steps', 'memory_vectors', 'memories', 'hitl_decisions',
  'hitl_requests', 'safety_checks', 'tool_calls', 'messages', 'runs', 'contents', 'agent_versions', 'agents', 'sign_in_links', 'sessions', 'users',
];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  for (const table of tables) await sql.raw(`drop table ${table} cascade`).execute(db);
  await sql.raw('drop function refuse_audit_change()').execute(db);
}
