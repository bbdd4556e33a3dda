import type { Kysely } from 'kysely';
import { agentDefinitionSchema } from '../../contracts/agents.ts';
import type { ToolEffect } from '../../contracts/tools.ts';
import type { Database } from '../../db/database.ts';
import { insertAgent, insertAgentVersion } from '../../db/repositories/agents.repository.ts';
import { insertContent } from '../../db/repositories/contents.repository.ts';
import { insertMessage } from '../../db/repositories/messages.repository.ts';
import { addRunTotals, insertRun, updateRunStarted } from '../../db/repositories/runs.repository.ts';
import { insertStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { insertToolCalls, updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import type { ToolCallState } from '../../db/tables/runs.table.ts';
import { requestApproval } from '../../engine/hitl/index.ts';
import { checkToolCall, type Policies } from '../../engine/safety/index.ts';
import type { ToolCatalogue } from '../../engine/tools/index.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';

/** A run of an agent of its own, as a row alone; returns its id. */
export async function addRun(db: Kysely<Database>): Promise<string> {
  const agentId = newId();
  const definition = agentDefinitionSchema.parse({ purpose: 'To be tested.', llm_provider: 'openai', llm_model: 'test-model' });
  await insertAgent(db, { id: agentId, name: `Agent ${agentId}`, isDemo: false, createdBy: null });
  await insertAgentVersion(db, { agentId, version: 1, name: `Agent ${agentId}`, definition, createdBy: null });
  const run = await insertRun(db, { id: newId(), agentId, agentVersion: 1, inputs: { goal: 'To be tested.' }, limits: definition.limits, startedBy: null, idempotencyKey: null, requestHash: 'test' });
  return (run as { id: string }).id;
}

export interface TurnRecord {
  runId: string;
  iteration: number;
  text?: string;
  thought?: string;
  calls?: { toolName: string; arguments: Record<string, unknown> }[];
  usage?: { inputTokens: number | undefined; outputTokens: number | undefined; cachedInputTokens: number | undefined; reasoningTokens: number | undefined };
  costMicroUsd?: number | undefined;
  request?: unknown;
}

const defaultUsage = { inputTokens: 100, outputTokens: 20, cachedInputTokens: 10, reasoningTokens: undefined };

/** Writes one turn of a model as a worker would; returns the ids of its calls. */
export async function recordTurn(db: Kysely<Database>, turn: TurnRecord): Promise<string[]> {
  const { runId, iteration, usage = defaultUsage } = turn;
  const costMicroUsd = 'costMicroUsd' in turn ? turn.costMicroUsd : 1_500;
  const messageId = newId();
  const calls = (turn.calls ?? []).map((call, position) => ({
    id: newId(), runId, iteration, position, providerCallId: `call_${iteration}_${position}`, toolName: call.toolName, arguments: call.arguments, rawArguments: null,
    argumentsHash: hashJson(call.arguments), idempotencyKey: newId(), state: 'proposed' as const, error: null,
  }));
  await db.transaction().execute(async (trx) => {
    await updateRunStarted(trx, runId);
    await insertStep(trx, { id: newId(), runId, iteration, kind: 'reasoning', status: 'running' });
    await insertMessage(trx, {
      id: messageId, runId, iteration, source: 'model', text: turn.text ?? '', thought: turn.thought ?? null, finishReason: calls.length > 0 ? 'tool_calls' : 'stop',
      requestRef: await insertContent(trx, turn.request ?? { model: 'm', system: 's', messages: 1 }),
    });
    await insertToolCalls(trx, calls);
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, { status: 'completed', summary: turn.thought ?? turn.text ?? null, messageId, llmModel: 'm', usage, costMicroUsd: costMicroUsd ?? null, finishedAt: new Date() });
    await addRunTotals(trx, runId, iteration, { ...usage, costMicroUsd });
  });
  return calls.map((call) => call.id);
}

let positions = 0;

/** Writes one call of a run as it stands once it was judged, allowed by default, without the turn it belongs to; returns its id. */
export async function recordCall(
  db: Kysely<Database>,
  { runId, toolName, arguments: args, iteration = 1, effect = 'none', state = 'allowed' }: { runId: string; toolName: string; arguments: Record<string, unknown>; iteration?: number; effect?: ToolEffect; state?: ToolCallState },
): Promise<string> {
  const id = newId();
  const position = ++positions;
  await insertToolCalls(db, [{
    id, runId, iteration, position, providerCallId: `call_${position}`, toolName, arguments: args, rawArguments: null, argumentsHash: hashJson(args), idempotencyKey: `${runId}:${iteration}.${position}`, state: 'proposed', error: null,
  }]);
  await updateToolCall(db, id, { state, effect });
  return id;
}

/** Writes the outcome of an allowed call. */
export async function recordOutcome(db: Kysely<Database>, call: { toolCallId: string; runId: string; iteration: number; toolName: string; output?: unknown; error?: { code: string; message: string } }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const state = call.error === undefined ? 'succeeded' : 'failed';
    await insertStep(trx, { id: newId(), runId: call.runId, iteration: call.iteration, kind: 'tool', status: 'running', toolName: call.toolName, toolCallId: call.toolCallId });
    await updateToolCall(trx, call.toolCallId, { state, outputRef: call.output === undefined ? null : await insertContent(trx, call.output), error: call.error ?? null, startedAt: new Date(), finishedAt: new Date() });
    await updateStep(trx, { toolCallId: call.toolCallId, kind: 'tool' }, { status: state === 'succeeded' ? 'completed' : 'failed', summary: 'done', error: call.error ?? null, finishedAt: new Date() }, call.toolName);
  });
}

/** Wakes nobody. */
export const silentNotifier = { wake: async (): Promise<void> => {} };

/** A run that waits for a person: one turn, one judged call, one question. Returns the request's id. */
export async function recordPendingApproval(
  deps: { db: Kysely<Database>; tools: Pick<ToolCatalogue, 'current'>; policies: Policies },
  { runId, iteration = 1, toolName = 'send_email', args = { to: ['lead@example.com'], subject: 'Summary', text: '47 tickets' }, thought = 'The lead should know.' }:
    { runId: string; iteration?: number; toolName?: string; args?: Record<string, unknown>; thought?: string },
): Promise<{ requestId: string; toolCallId: string }> {
  const [toolCallId = ''] = await recordTurn(deps.db, { runId, iteration, thought, calls: [{ toolName, arguments: args }] });
  await checkToolCall(deps, { toolCallId });
  const { requestId } = await requestApproval({ ...deps, notifier: silentNotifier }, { runId, toolCallId, kind: 'tool_call' });
  return { requestId, toolCallId };
}
