import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { StepKind } from '../../contracts/runs.ts';
import type { Database } from '../database.ts';

/** A body and its size; the body is left in the database when it is above the limit. */
export interface Sized {
  bytes: number | null;
  body: unknown;
}

/** Reads a jsonb expression up to a size, so that a list of steps never carries megabytes it will not show. */
const sizedJson = (expression: RawBuilder<unknown>, limitBytes: number): RawBuilder<Sized | null> =>
  sql<Sized | null>`case when ${expression} is null then null else jsonb_build_object(
    'bytes', octet_length((${expression})::text),
    'body', case when octet_length((${expression})::text) <= ${limitBytes} then ${expression} end) end`;

const contentJson = (alias: string, limitBytes: number): RawBuilder<Sized | null> =>
  sql<Sized | null>`case when ${sql.ref(`${alias}.hash`)} is null then null else jsonb_build_object(
    'bytes', ${sql.ref(`${alias}.bytes`)},
    'body', case when ${sql.ref(`${alias}.bytes`)} <= ${limitBytes} then ${sql.ref(`${alias}.body`)} end) end`;

/** What the model said, and the calls it asked for, as one value. */
const answerJson = sql`case when messages.id is null then null else jsonb_build_object(
  'text', messages.text,
  'thought', messages.thought,
  'finish_reason', messages.finish_reason,
  'tool_calls', coalesce((
    select jsonb_agg(jsonb_build_object('id', c.id, 'provider_call_id', c.provider_call_id, 'tool_name', c.tool_name, 'arguments', c.arguments, 'raw_arguments', c.raw_arguments) order by c.position)
    from tool_calls c where c.run_id = messages.run_id and c.iteration = messages.iteration), '[]'::jsonb)) end`;

/** A call as it was to run; in the verdict on what the agent proposed, as it was proposed. */
const callJson = sql`case when tool_calls.id is null then null else coalesce(
  case when safety_checks.arguments_hash is distinct from tool_calls.arguments_hash then tool_calls.edited_arguments end,
  tool_calls.arguments, jsonb_build_object('raw_arguments', tool_calls.raw_arguments)) end`;

const checkJson = sql`case when safety_checks.id is null then null else jsonb_build_object(
  'verdict', safety_checks.verdict, 'risk_level', safety_checks.risk_level, 'reason', safety_checks.reason, 'facts', safety_checks.facts,
  'policy_version', safety_checks.policy_version, 'matched_rules', safety_checks.matched_rules) end`;

const requestJson = sql`case when hitl_requests.id is null then null else jsonb_build_object(
  'kind', hitl_requests.kind, 'effect_sentence', hitl_requests.effect_sentence, 'arguments', hitl_requests.arguments,
  'arguments_hash', hitl_requests.arguments_hash, 'version', hitl_requests.version, 'reason', hitl_requests.reason) end`;

const decisionJson = sql`case when hitl_decisions.id is null then null else jsonb_build_object(
  'status', hitl_requests.status, 'verdict', hitl_decisions.verdict, 'door', hitl_decisions.door, 'decided_by', hitl_decisions.actor_name,
  'decided_at', to_char(hitl_decisions.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'note', hitl_decisions.note, 'edited_arguments', hitl_decisions.edited_arguments) end`;

const memoryJson = sql`case when memories.id is null then null else jsonb_build_object('kind', memories.kind, 'text', memories.text) end`;

const stepView = (db: Kysely<Database>, limitBytes: number) =>
  db
    .selectFrom('steps')
    .leftJoin('messages', 'messages.id', 'steps.message_id')
    .leftJoin('contents as requests', 'requests.hash', 'messages.request_ref')
    .leftJoin('tool_calls', 'tool_calls.id', 'steps.tool_call_id')
    .leftJoin('contents as outputs', 'outputs.hash', 'tool_calls.output_ref')
    .leftJoin('safety_checks', 'safety_checks.id', 'steps.safety_check_id')
    .leftJoin('hitl_requests', 'hitl_requests.id', 'steps.request_id')
    .leftJoin('hitl_decisions', 'hitl_decisions.request_id', 'hitl_requests.id')
    .leftJoin('memories', 'memories.id', 'steps.memory_id')
    .select([
      'steps.id', 'steps.run_id', 'steps.iteration', 'steps.sequence', 'steps.kind', 'steps.status', 'steps.summary', 'steps.tool_call_id', 'steps.request_id',
      'steps.message_id', 'steps.llm_model', 'steps.llm_connection', 'steps.is_fallback', 'steps.is_cached', 'steps.saved_micro_usd', 'steps.first_token_ms', 'steps.waiting_reason', 'steps.waiting_until',
      'steps.input_tokens', 'steps.output_tokens', 'steps.cached_input_tokens', 'steps.cache_write_tokens', 'steps.reasoning_tokens', 'steps.cost_micro_usd',
      'steps.attempt', 'steps.error', 'steps.started_at', 'steps.finished_at', 'tool_calls.tool_name',
      sql<string | null>`coalesce(safety_checks.risk_level, hitl_requests.risk_level, tool_calls.risk_level)`.as('risk_level'),
      contentJson('requests', limitBytes).as('request'),
      sizedJson(answerJson, limitBytes).as('answer'),
      sizedJson(callJson, limitBytes).as('call'),
      contentJson('outputs', limitBytes).as('output'),
      sizedJson(checkJson, limitBytes).as('check'),
      sizedJson(requestJson, limitBytes).as('question'),
      sizedJson(decisionJson, limitBytes).as('decision'),
      sizedJson(memoryJson, limitBytes).as('memory'),
    ]);

/** A step with the facts it points to. */
export type StepView = Awaited<ReturnType<ReturnType<typeof stepView>['executeTakeFirstOrThrow']>>;

/** Steps of a run in order; bodies above `bodyLimitBytes` are left out, their size is told. */
export async function listStepViews(
  db: Kysely<Database>,
  options: { runId: string; kind?: StepKind | undefined; afterSequence?: number | undefined; limit: number; bodyLimitBytes: number },
): Promise<StepView[]> {
  let query = stepView(db, options.bodyLimitBytes).where('steps.run_id', '=', options.runId).orderBy('steps.sequence').limit(options.limit);
  if (options.kind !== undefined) query = query.where('steps.kind', '=', options.kind);
  if (options.afterSequence !== undefined) query = query.where('steps.sequence', '>', options.afterSequence);
  return query.execute();
}

/** One step with its whole bodies. */
export async function findStepView(db: Kysely<Database>, options: { runId: string; stepId: string }): Promise<StepView | undefined> {
  return stepView(db, 2_147_483_647).where('steps.run_id', '=', options.runId).where('steps.id', '=', options.stepId).executeTakeFirst();
}
