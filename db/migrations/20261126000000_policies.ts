import { type Kysely, sql } from 'kysely';

const statements = [
  // A policy is a name for its versions; the text under work stands here until it goes live.
  `create table policies (
    id uuid primary key,
    name text not null,
    -- version that is in force; null: none (yet, or any more)
    live_version integer,
    latest_version integer not null default 0,
    draft_cedar text,
    draft_form jsonb,
    draft_based_on integer,
    draft_updated_at timestamptz,
    draft_updated_by uuid references users on delete set null,
    revision integer not null default 1,
    created_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    changed_by uuid references users on delete set null,
    changed_at timestamptz not null default now()
  )`,
  `create unique index policies_name_key on policies (lower(name))`,
  `create table policy_versions (
    policy_id uuid not null references policies on delete restrict,
    version integer not null,
    -- the policy's name then
    name text not null,
    cedar text not null,
    form jsonb,
    note text not null,
    rolled_back_to integer,
    back_test_id uuid,
    reason_without_back_test text,
    created_by uuid references users on delete set null,
    created_by_name text not null,
    created_at timestamptz not null default now(),
    primary key (policy_id, version)
  )`,
  // Each change of what is in force makes a new set: all live policies together. The newest one counts.
  `create table policy_sets (
    version integer primary key,
    -- [{policy_id, version}]
    members jsonb not null,
    changed_policy_id uuid not null,
    changed_policy_name text not null,
    from_version integer,
    to_version integer,
    note text not null,
    created_by uuid references users on delete set null,
    created_by_name text not null,
    created_at timestamptz not null default now()
  )`,
  `create function refuse_policy_change() returns trigger language plpgsql as $$
    begin raise exception 'versions of policies are immutable'; end
  $$`,
  // Who wrote it may be deleted as an account (their name stays); nothing else ever changes.
  ...['policy_versions', 'policy_sets'].flatMap((table) => [
    `create trigger ${table}_immutable before update on ${table} for each row when (to_jsonb(old) - 'created_by' is distinct from to_jsonb(new) - 'created_by') execute function refuse_policy_change()`,
    `create trigger ${table}_kept before delete on ${table} for each row execute function refuse_policy_change()`,
    `create trigger ${table}_not_emptied before truncate on ${table} for each statement execute function refuse_policy_change()`,
  ]),

  // The ledger: each verdict with all it was made from. The same arguments may be judged again later, before they are executed.
  `alter table safety_checks drop constraint safety_checks_tool_call_id_arguments_hash_key`,
  `alter table safety_checks
    add column round integer not null default 1,
    add column agent_id uuid,
    add column tool_name text,
    add column effect text,
    add column terms jsonb,
    add column problems jsonb not null default '[]'`,
  `create unique index safety_checks_key on safety_checks (tool_call_id, arguments_hash, round)`,
  `update safety_checks set tool_name = tool_calls.tool_name, effect = tool_calls.effect, agent_id = runs.agent_id
    from tool_calls join runs on runs.id = tool_calls.run_id where tool_calls.id = safety_checks.tool_call_id`,
  `create index safety_checks_ledger_index on safety_checks (created_at desc, id desc)`,
  `create index safety_checks_agent_index on safety_checks (agent_id, created_at desc, id desc)`,
  // Decisions by a policy that took part in them.
  `create index safety_checks_rules_index on safety_checks using gin (matched_rules jsonb_path_ops)`,
  // The set the run's newest verdict was made under.
  `alter table runs add column policy_version text`,

  // Patterns such as customers.email; a query that reads one of them is HIGH risk.
  `alter table data_sources add column private_columns jsonb not null default '[]'`,

  `alter table hitl_requests drop constraint hitl_requests_kind_check`,
  `alter table hitl_requests add constraint hitl_requests_kind_check check (kind in ('tool_call', 'question', 'outcome_unknown'))`,
  `alter table hitl_requests
    -- null: asked before policies had terms
    add column terms jsonb,
    add column original_arguments jsonb,
    -- what the verdict rests on; something else before execution is drift
    add column basis jsonb,
    add column drift_reason text,
    add column escalation_level integer not null default 0,
    add column reminded_at timestamptz,
    -- who last edited the arguments of a request that stayed open, and when
    add column edited_by_name text,
    add column edited_at timestamptz`,
  `alter table hitl_decisions drop constraint hitl_decisions_verdict_check`,
  `alter table hitl_decisions add constraint hitl_decisions_verdict_check check (verdict in ('approve', 'reject', 'confirm_happened', 'answer', 'provide_result', 'expire', 'withdraw'))`,
  `alter table hitl_decisions drop constraint hitl_decisions_door_check`,
  `alter table hitl_decisions add constraint hitl_decisions_door_check check (door in ('api', 'bulk', 'temporal_signal', 'expiry', 'run_ended'))`,
  `alter table hitl_decisions add column result jsonb, add column on_behalf_of uuid references users on delete set null`,
  // Yeses of a request that needs several; they count for the version they were given to.
  `create table hitl_votes (
    id uuid primary key,
    request_id uuid not null references hitl_requests on delete cascade,
    request_version integer not null,
    arguments_hash text not null,
    user_id uuid not null references users on delete cascade,
    user_name text not null,
    on_behalf_of uuid references users on delete cascade,
    door text not null,
    note text,
    voted_at timestamptz not null default now(),
    unique (request_id, request_version, user_id)
  )`,
  `create index hitl_requests_similar_index on hitl_requests (agent_id, tool_name, requested_at desc)`,

  `create table approver_groups (
    id uuid primary key,
    name text not null unique,
    description text not null default '',
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create table approver_group_members (
    group_id uuid not null references approver_groups on delete cascade,
    user_id uuid not null references users on delete cascade,
    primary key (group_id, user_id)
  )`,
  `create table delegations (
    id uuid primary key,
    from_user_id uuid not null references users on delete cascade,
    to_user_id uuid not null references users on delete cascade,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    note text not null default '',
    revoked_at timestamptz,
    created_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    check (starts_at < ends_at),
    check (from_user_id <> to_user_id)
  )`,
  `create index delegations_to_index on delegations (to_user_id, ends_at)`,

  `create table back_tests (
    id uuid primary key,
    status text not null check (status in ('running', 'completed', 'cancelled', 'failed')),
    policy_id text,
    policy_name text,
    cedar text not null,
    cedar_hash text not null,
    policy_version text not null,
    -- row of policy_sets; null: nothing was ever made live
    set_version integer,
    from_at timestamptz not null,
    -- exclusive, never in the future when it was started: what is decided later does not slip in
    to_at timestamptz not null,
    agent_ids jsonb not null,
    total integer not null default 0,
    done integer not null default 0,
    looser integer not null default 0,
    stricter integer not null default 0,
    unchanged integer not null default 0,
    not_replayable integer not null default 0,
    -- where an attempt goes on after the one before it died
    cursor jsonb,
    error text,
    created_by uuid references users on delete set null,
    created_by_name text not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz
  )`,
  `create index back_tests_policy_index on back_tests (policy_id, created_at desc)`,
  `create index back_tests_cedar_index on back_tests (cedar_hash)`,
  `create table back_test_decisions (
    back_test_id uuid not null references back_tests on delete cascade,
    decision_id uuid not null references safety_checks on delete cascade,
    outcome text not null check (outcome in ('looser', 'stricter', 'not_replayable')),
    live_verdict text,
    draft_verdict text,
    live_rules jsonb not null default '[]',
    draft_rules jsonb not null default '[]',
    missing_facts jsonb not null default '[]',
    primary key (back_test_id, decision_id)
  )`,
  `create index back_test_decisions_outcome_index on back_test_decisions (back_test_id, outcome, decision_id)`,

  `create table notice_preferences (
    user_id uuid primary key references users on delete cascade,
    preferences jsonb not null,
    updated_at timestamptz not null default now()
  )`,
  `create table webhooks (
    id uuid primary key,
    name text not null,
    url text not null,
    events jsonb not null,
    is_enabled boolean not null default true,
    -- AES-256-GCM, bound to the row's id
    secret_sealed text not null,
    secret_hint text not null,
    version integer not null default 1,
    created_by uuid references users on delete set null,
    updated_by uuid references users on delete set null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  // What is to be told, written with the fact it tells of; delivered after that, at least once, under an id the other side can tell repeats by.
  `create table notices (
    id uuid primary key,
    channel text not null check (channel in ('email', 'webhook')),
    kind text not null,
    request_id uuid references hitl_requests on delete cascade,
    user_id uuid references users on delete cascade,
    webhook_id uuid references webhooks on delete cascade,
    -- the message it goes out in, given with the first attempt and kept: the id of the notice itself, or of the first one of a group
    batch_id uuid,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
    attempts integer not null default 0,
    -- while an attempt is under way, when the next one may begin: what a dead worker had in hand falls due again
    not_before timestamptz not null default now(),
    detail text not null default '',
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    check ((channel = 'email') = (user_id is not null)),
    check ((channel = 'webhook') = (webhook_id is not null))
  )`,
  `create index notices_waiting_index on notices (not_before) where state = 'waiting'`,
  `create index notices_webhook_index on notices (webhook_id, created_at desc)`,
  `create index notices_created_index on notices (created_at)`,
  `create index notices_mailed_index on notices (user_id, sent_at) where channel = 'email'`,

  // Entries without a source are hashed as they always were.
  `alter table audit_log add column source text`,
  `create index audit_log_object_index on audit_log (object_id, sequence)`,
  `create index audit_log_actor_index on audit_log (actor_id, sequence)`,
  `create index audit_log_action_index on audit_log (action text_pattern_ops, sequence)`,
  `create index audit_log_at_index on audit_log (at)`,
  `create trigger audit_log_no_truncate before truncate on audit_log for each statement execute function refuse_audit_change()`,
];

export async function up(db: Kysely<any>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const undo = [
  `alter table data_sources drop column private_columns`,
  `drop trigger audit_log_no_truncate on audit_log`,
  `drop index audit_log_object_index, audit_log_actor_index, audit_log_action_index, audit_log_at_index`,
  `alter table audit_log drop column source`,
  `drop table notices`, `drop table webhooks`, `drop table notice_preferences`, `drop table back_test_decisions`, `drop table back_tests`, `drop table delegations`,
  `drop table approver_group_members`, `drop table approver_groups`, `drop table hitl_votes`,
  `drop index hitl_requests_similar_index`,
  `delete from hitl_decisions where verdict in ('answer', 'provide_result') or door = 'bulk'`,
  `alter table hitl_decisions drop column result, drop column on_behalf_of`,
  `alter table hitl_decisions drop constraint hitl_decisions_verdict_check`,
  `alter table hitl_decisions add constraint hitl_decisions_verdict_check check (verdict in ('approve', 'reject', 'confirm_happened', 'expire', 'withdraw'))`,
  `alter table hitl_decisions drop constraint hitl_decisions_door_check`,
  `alter table hitl_decisions add constraint hitl_decisions_door_check check (door in ('api', 'temporal_signal', 'expiry', 'run_ended'))`,
  `delete from hitl_requests where kind = 'question'`,
  `alter table hitl_requests drop constraint hitl_requests_kind_check`,
  `alter table hitl_requests add constraint hitl_requests_kind_check check (kind in ('tool_call', 'outcome_unknown'))`,
  `alter table hitl_requests drop column terms, drop column original_arguments, drop column basis, drop column drift_reason, drop column escalation_level, drop column reminded_at, drop column edited_by_name, drop column edited_at`,
  `alter table runs drop column policy_version`,
  `drop index safety_checks_ledger_index`, `drop index safety_checks_agent_index`, `drop index safety_checks_rules_index`,
  `delete from safety_checks where round > 1`,
  `drop index safety_checks_key`,
  `alter table safety_checks drop column round, drop column agent_id, drop column tool_name, drop column effect, drop column terms, drop column problems`,
  `alter table safety_checks add constraint safety_checks_tool_call_id_arguments_hash_key unique (tool_call_id, arguments_hash)`,
  `drop table policy_sets`, `drop table policy_versions`, `drop table policies`, `drop function refuse_policy_change`,
];

export async function down(db: Kysely<any>): Promise<void> {
  for (const statement of undo) await sql.raw(statement).execute(db);
}
