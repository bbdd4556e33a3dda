import { type Insertable, type InsertQueryBuilder, type Kysely, type QueryCreator, type Selectable, sql, type Updateable, type UpdateQueryBuilder } from 'kysely';
import type { StepKind, StepStatus, StepWaitReason } from '../../contracts/runs.ts';
import { toLine } from '../../platform/shorten.ts';
import { type Beside, withBeside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { StepsTable } from '../tables/runs.table.ts';
import { type CallUsage, toUsageColumns } from '../usage.ts';

export type StepRow = Selectable<StepsTable>;

/** 300 with the ellipsis. */
const summaryCharacters = 299;
/** One line, without the control characters a terminal would obey. */
const toSummary = (text: string): string => toLine(toStorableText(text.slice(0, 10 * summaryCharacters)), summaryCharacters);

export interface NewStep {
  id: string;
  runId: string;
  iteration: number;
  kind: StepKind;
  status: StepStatus;
  summary?: string | null;
  toolName?: string | null;
  toolCallId?: string | null;
  safetyCheckId?: string | null;
  requestId?: string | null;
  memoryId?: string | null;
  finishedAt?: Date | null;
}

/** What a changed step's event tells. */
const eventColumns = ['id', 'run_id', 'iteration', 'kind', 'status', 'summary'] as const;
type ChangedStep = Pick<StepRow, (typeof eventColumns)[number]>;

/** Runs a change of steps, whatever else is written beside it, and writes an event for each changed one, in a single statement: traces are written often. */
async function writeSteps(trx: Kysely<Database>, write: (db: QueryCreator<Database>) => InsertQueryBuilder<Database, 'steps', ChangedStep> | UpdateQueryBuilder<Database, 'steps', 'steps', ChangedStep>, toolName: string | null, beside: readonly Beside[] = []): Promise<void> {
  await withBeside(trx, beside)
    .with('changed', write)
    .insertInto('events')
    .columns(['run_id', 'type', 'data'])
    .expression((eb) =>
      eb.selectFrom('changed').select([
        'run_id',
        sql<'step-changed'>`'step-changed'`.as('type'),
        sql<string>`jsonb_build_object('step_id', id, 'iteration', iteration, 'kind', kind, 'status', status, 'tool_name', ${toolName === null ? null : toStorableText(toolName)}::text, 'summary', summary)`.as('data'),
      ]),
    )
    .execute();
}

/** Adds a step to the trace and its event to the log, with what is written beside it. A step that is there already (a retried activity) is left alone. */
export async function insertStep(trx: Kysely<Database>, step: NewStep, beside?: readonly Beside[]): Promise<void> {
  const values: Insertable<StepsTable> = {
    id: step.id,
    run_id: step.runId,
    iteration: step.iteration,
    kind: step.kind,
    status: step.status,
    summary: step.summary == null ? null : toSummary(step.summary),
    tool_call_id: step.toolCallId ?? null,
    safety_check_id: step.safetyCheckId ?? null,
    request_id: step.requestId ?? null,
    memory_id: step.memoryId ?? null,
    finished_at: step.finishedAt ?? null,
  };
  await writeSteps(trx, (db) => db.insertInto('steps').values(values).onConflict((conflict) => conflict.doNothing()).returning(eventColumns), step.toolName ?? null, beside);
}

export interface StepChange {
  kind?: StepKind;
  iteration?: number;
  status: StepStatus;
  summary?: string | null;
  messageId?: string;
  llmModel?: string;
  /** Name of the connection that answered. */
  llmConnection?: string;
  isFallback?: boolean;
  isCached?: boolean;
  savedMicroUsd?: number | null;
  firstTokenMs?: number | undefined;
  /** What the turn waits for; null: it works. */
  waiting?: { reason: StepWaitReason; until: Date } | null;
  usage?: CallUsage;
  rawUsage?: unknown;
  costMicroUsd?: number | null;
  attempt?: number;
  error?: { code: string; message: string } | null;
  finishedAt?: Date | null;
}

type StepKey = { id: string } | { runId: string; iteration: number; kind: 'reasoning' } | { toolCallId: string; kind: 'tool'; /** One that waits or has ended stays as it is. */ onlyRunning?: boolean } | { requestId: string; kind: 'approval' };

/** Changes the step the key names, if it is there, and writes the event, with what is written beside it. */
export async function updateStep(trx: Kysely<Database>, key: StepKey, change: StepChange, toolName: string | null = null, beside?: readonly Beside[]): Promise<void> {
  const set: Updateable<StepsTable> = { status: change.status };
  if (change.kind !== undefined) set.kind = change.kind;
  if (change.iteration !== undefined) set.iteration = change.iteration;
  if (change.summary !== undefined) set.summary = change.summary === null ? null : toSummary(change.summary);
  if (change.messageId !== undefined) set.message_id = change.messageId;
  if (change.llmModel !== undefined) set.llm_model = toStorableText(change.llmModel);
  if (change.usage !== undefined) Object.assign(set, toUsageColumns(change.usage));
  if (change.llmConnection !== undefined) set.llm_connection = toStorableText(change.llmConnection);
  if (change.isFallback !== undefined) set.is_fallback = change.isFallback;
  if (change.isCached !== undefined) set.is_cached = change.isCached;
  if (change.savedMicroUsd !== undefined) set.saved_micro_usd = change.savedMicroUsd;
  if (change.firstTokenMs !== undefined) set.first_token_ms = Math.round(change.firstTokenMs);
  if (change.waiting !== undefined) {
    set.waiting_reason = change.waiting?.reason ?? null;
    set.waiting_until = change.waiting?.until ?? null;
  }
  if (change.rawUsage !== undefined) set.raw_usage = toJsonb(change.rawUsage);
  if (change.costMicroUsd !== undefined) set.cost_micro_usd = change.costMicroUsd;
  if (change.attempt !== undefined) set.attempt = change.attempt;
  if (change.error !== undefined) set.error = change.error === null ? null : toJsonb(change.error);
  if (change.finishedAt !== undefined) set.finished_at = change.finishedAt;
  await writeSteps(trx, (db) => {
    const query = db.updateTable('steps').set(set).returning(eventColumns);
    if ('id' in key) return query.where('id', '=', key.id);
    if (key.kind === 'reasoning') return query.where('run_id', '=', key.runId).where('iteration', '=', key.iteration).where('kind', '=', 'reasoning');
    if (key.kind === 'tool') {
      const ofCall = query.where('tool_call_id', '=', key.toolCallId).where('kind', '=', 'tool');
      return key.onlyRunning === true ? ofCall.where('status', '=', 'running') : ofCall;
    }
    return query.where('request_id', '=', key.requestId).where('kind', '=', 'approval');
  }, toolName, beside);
}

/** Ends every step an ended run left open. */
export async function closeOpenSteps(trx: Kysely<Database>, runId: string, status: 'cancelled' | 'failed'): Promise<void> {
  await writeSteps(
    trx,
    (db) => db.updateTable('steps').set({ status, finished_at: new Date() }).where('run_id', '=', runId).where('status', 'in', ['running', 'waiting']).returning(eventColumns),
    null,
  );
}

/** The newest step that failed, for the run's error. */
export async function findLastFailedStep(db: Kysely<Database>, runId: string): Promise<string | undefined> {
  return (await db.selectFrom('steps').select('id').where('run_id', '=', runId).where('status', '=', 'failed').orderBy('sequence', 'desc').limit(1).executeTakeFirst())?.id;
}

/**
 * A step of a run, and the number of the turn it belongs to: the step that gives the answer is counted with the turn before it, so its
 * message says which turn it was.
 */
export async function findStep(db: Kysely<Database>, runId: string, stepId: string): Promise<{ step: StepRow; turn: number } | undefined> {
  const row = await db
    .selectFrom('steps')
    .leftJoin('messages', 'messages.id', 'steps.message_id')
    .selectAll('steps')
    .select(sql<number>`coalesce(messages.iteration, steps.iteration)`.as('turn'))
    .where('steps.run_id', '=', runId)
    .where('steps.id', '=', stepId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { turn, ...step } = row;
  return { step, turn };
}

/** The open or finished step of a turn's thinking. */
export async function findReasoningStep(db: Kysely<Database>, runId: string, iteration: number): Promise<StepRow | undefined> {
  return db.selectFrom('steps').selectAll().where('run_id', '=', runId).where('iteration', '=', iteration).where('kind', '=', 'reasoning').executeTakeFirst();
}

/** The step that shows a message of the model: what the turn came to, with its usage and cost. */
export async function findStepOfMessage(db: Kysely<Database>, messageId: string): Promise<StepRow | undefined> {
  return db.selectFrom('steps').selectAll().where('message_id', '=', messageId).executeTakeFirst();
}
