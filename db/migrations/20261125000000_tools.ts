import { type Kysely, sql } from 'kysely';

const statements = [
  // Databases agents may read; those of the configuration have a state only.
  `create table data_sources (
    id uuid primary key,
    name text not null unique,
    description text not null,
    -- without password
    url text not null,
    -- AES-256-GCM, bound to the row's id; see platform/secret-box.ts
    password_sealed text,
    readable_tables jsonb,
    max_rows integer not null,
    statement_timeout_seconds integer not null,
    is_enabled boolean not null default true,
    version integer not null default 1,
    created_by uuid references users on delete set null,
    updated_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create table data_source_states (
    -- id of a row in data_sources, or the name of one from the configuration
    data_source_id text primary key,
    last_test jsonb
  )`,

  `create table mcp_servers (
    id uuid primary key,
    name text not null,
    slug text not null unique,
    -- secrets stand in it by reference only
    transport jsonb not null,
    timeout_seconds integer not null,
    is_enabled boolean not null default true,
    server jsonb,
    last_test jsonb,
    version integer not null default 1,
    created_by uuid references users on delete set null,
    updated_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index mcp_servers_name_key on mcp_servers (lower(name))`,
  `create table mcp_tools (
    id uuid primary key,
    server_id uuid not null references mcp_servers on delete cascade,
    name text not null,
    registered_name text not null unique,
    definition jsonb not null,
    hash text not null,
    is_enabled boolean not null default false,
    risk text check (risk in ('LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    effect text check (effect in ('none', 'idempotent', 'external')),
    -- what the server says now, where it differs from what was reviewed; held until somebody looks
    pending_definition jsonb,
    pending_hash text,
    pending_at timestamptz,
    -- since when the server no longer lists it
    missing_since timestamptz,
    reviewed_at timestamptz,
    reviewed_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    unique (server_id, name)
  )`,

  `create table secrets (
    id uuid primary key,
    name text not null unique,
    -- AES-256-GCM, bound to the row's id
    value_sealed text not null,
    hint text not null,
    hosts jsonb not null,
    description text not null,
    last_used_at timestamptz,
    version integer not null default 1,
    created_by uuid references users on delete set null,
    updated_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,

  `create table tool_settings (
    tool_name text primary key,
    is_enabled boolean not null default true,
    timeout_seconds integer,
    max_concurrent integer,
    calls_per_minute integer,
    options jsonb,
    version integer not null default 1,
    updated_by uuid references users on delete set null,
    updated_at timestamptz not null default now()
  )`,
  // Each time a call of a limited tool took its turn: at work until `until`, which a worker that dies leaves to run out.
  `create table tool_turns (
    id uuid primary key,
    tool_call_id uuid not null references tool_calls on delete cascade,
    tool_name text not null,
    taken_at timestamptz not null,
    until timestamptz not null
  )`,
  `create index tool_turns_tool_name_index on tool_turns (tool_name, taken_at)`,
  `create index tool_calls_executing_index on tool_calls (tool_name) where state = 'executing'`,
  // Attempts that only waited for their turn; they are no attempts at the call.
  `alter table tool_calls add column capacity_waits integer not null default 0`,

  `create table run_files (
    id uuid primary key,
    run_id uuid not null references runs on delete cascade,
    tool_call_id uuid not null references tool_calls on delete cascade,
    name text not null,
    media_type text not null,
    bytes integer not null,
    sha256 text not null,
    content bytea not null,
    created_at timestamptz not null default now()
  )`,
  `create index run_files_run_id_index on run_files (run_id, created_at)`,

  `alter table outbox_emails add column html text, add column bcc jsonb not null default '[]'`,
  `create table outbox_attachments (
    email_id uuid not null references outbox_emails on delete cascade,
    index integer not null,
    name text not null,
    media_type text not null,
    bytes integer not null,
    content bytea not null,
    primary key (email_id, index)
  )`,
];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<any>): Promise<void> {
  await sql`alter table outbox_emails drop column html, drop column bcc`.execute(db);
  await sql`drop index tool_calls_executing_index`.execute(db);
  await sql`alter table tool_calls drop column capacity_waits`.execute(db);
  for (const table of ['outbox_attachments', 'run_files', 'tool_turns', 'tool_settings', 'secrets', 'mcp_tools', 'mcp_servers', 'data_source_states', 'data_sources']) await sql`drop table ${sql.table(table)}`.execute(db);
}
