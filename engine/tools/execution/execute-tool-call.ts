import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findSafetyCheck } from '../../../db/repositories/safety-checks.repository.ts';
import { isDatabaseUnavailable } from '../../../db/is-unavailable.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { ToolCatalogue } from '../catalogue.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Tool, ToolCallContext, ToolOutcome, ToolVerification } from '../tool.ts';
import type { ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import { type Claim, claimCall, confirmClaim, recordLateReport, releaseCall, type SettledState, settleCall } from './claim.ts';
import { readFile, readResult } from './read-result.ts';
import { maskFile } from './mask-file.ts';
import { createProgressReporter } from './report-progress.ts';
import { takeTurn } from './take-turn.ts';

export interface ExecutionDeps {
  db: Kysely<Database>;
  tools: Pick<ToolCatalogue, 'current'>;
  secrets: Pick<Secrets, 'mask' | 'revealFor'>;
  /** Whether what was approved, or allowed under other policies, still is; called right before a call is claimed. */
  judgeAgain: (registry: ToolRegistry, call: ToolCallRow | undefined) => Promise<SecondJudgement>;
}

/** `denied` and `asks_again` are written; with `stands` the call may be claimed. */
export type SecondJudgement = 'stands' | 'denied' | 'asks_again';

export interface ExecuteOptions {
  toolCallId: string;
  /** From 1: the attempt of this execution. */
  attempt: number;
  /** Attempts in all; the last one records a failure instead of asking for another. */
  maxAttempts: number;
  /** Aborts when the run is cancelled or the worker has to stop. */
  signal: AbortSignal;
}

/** How a call stands after an execution. `asks_again`: nothing was done, people have to approve it once more first. */
export interface ExecutionResult {
  state: SettledState | 'asks_again';
}

const toError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  // Tools put their own troubles into words; what is left is Maestro's database, asked for a claim or an earlier result.
  if (isDatabaseUnavailable(error)) return new AppError('DATABASE_UNAVAILABLE', undefined, { cause: error });
  return new AppError('TOOL_FAILED', error instanceof Error ? error.message : String(error), { cause: error });
};

/** What is stored, shown and read by models holds no secret, wherever the tool had it from. */
async function masked({ secrets }: ExecutionDeps, { output, summary, files }: ToolOutcome): Promise<ToolOutcome> {
  return { output: await secrets.mask(output), summary: await secrets.mask(summary), ...(files === undefined ? {} : { files: await Promise.all(files.map((file) => maskFile(secrets, file))) }) };
}

async function toMaskedError({ secrets }: ExecutionDeps, thrown: unknown): Promise<AppError> {
  const error = toError(thrown);
  return new AppError(error.code, await secrets.mask(error.message), { ...(error.details === undefined ? {} : { details: error.details }), cause: error });
}

const nobodyKnows = 'It is not known whether this happened';

const verifyTimeoutMs = 20_000;

/** What an unfinished external effect came to, where the tool can find out; not finding out is an answer too. */
async function verify(tool: Tool, args: unknown, context: ToolCallContext, signal: AbortSignal): Promise<ToolVerification> {
  if (tool.verify === undefined) return { state: 'unknown' };
  try {
    return await tool.verify(args, { ...context, signal: AbortSignal.any([signal, AbortSignal.timeout(verifyTimeoutMs)]) });
  } catch {
    signal.throwIfAborted();
    return { state: 'unknown' };
  }
}

/**
 * Executes an allowed call at most once as far as the world can see, and records its outcome. The row is claimed before the tool
 * acts, and says from when on it may have acted. A later attempt that finds a claim without an outcome repeats `none` and
 * `idempotent` effects under the same key, and `external` ones that had not come to the point of acting; else it verifies first and,
 * when nobody can tell, parks the call as `outcome_unknown` for a person.
 * What was approved, or judged under other policies, is judged once more before it is claimed.
 * A tool's failure is an outcome the model reads, not an error; only what another attempt may mend is thrown (TOOL_UNAVAILABLE), a
 * limit the call has to wait for (TOOL_CAPACITY), and the signal's reason when it aborts. Throws INTERNAL for a call that is not
 * recorded or was never allowed.
 */
export async function executeToolCall(deps: ExecutionDeps, options: ExecuteOptions): Promise<ExecutionResult> {
  options.signal.throwIfAborted();
  // An approval may be acted upon in the moment after a tool was switched off: what was changed by now counts.
  const registry = await deps.tools.current({ maxAgeMs: 0 });
  const { call, giveBack } = await takeTurn(deps.db, registry, options.toolCallId);
  try {
    return await executeInTurn(deps, registry, call, { ...options, attempt: Math.max(1, options.attempt - (call?.capacity_waits ?? 0)) });
  } finally {
    await giveBack().catch(() => undefined);
  }
}

/** The tool of a call with its arguments as the tool takes them; or why there is none. */
function prepare(registry: ToolRegistry, call: ToolCallRow): { tool: Tool; args: unknown } | { error: { code: 'TOOL_OFF' | 'TOOL_INPUT_INVALID'; message: string } } {
  const refusal = registry.refusalOf(call.tool_name);
  // One that is only switched off can still find out what an earlier attempt came to.
  if (refusal !== undefined && !registry.has(call.tool_name)) return { error: { code: 'TOOL_OFF', message: refusal } };
  const parsed = registry.parseArguments(call.tool_name, call.edited_arguments ?? call.arguments);
  return parsed.ok ? { tool: registry.get(call.tool_name), args: parsed.args } : { error: { code: 'TOOL_INPUT_INVALID', message: parsed.message } };
}

/** Why a call that was judged (and approved) under another definition of its tool is not executed; undefined where nothing changed. */
async function refusalOfDefinition({ db }: ExecutionDeps, tool: Tool, call: ToolCallRow): Promise<string | undefined> {
  if (tool.definitionHash === undefined) return undefined;
  const check = await findSafetyCheck(db, call.id, hashJson(call.edited_arguments ?? call.arguments ?? {}));
  return check?.facts['definition_hash'] === tool.definitionHash ? undefined : `The definition of ${tool.name} changed after this call was judged, so it was not executed. Propose it again.`;
}

async function executeInTurn(deps: ExecutionDeps, registry: ToolRegistry, unclaimed: ToolCallRow | undefined, options: ExecuteOptions): Promise<ExecutionResult> {
  if ((await deps.judgeAgain(registry, unclaimed)) === 'asks_again') return { state: 'asks_again' };
  const claim = await claimCall(deps.db, { ...options, actsAtOnce: (toolName) => !registry.has(toolName) || registry.get(toolName).confirmsClaim !== true });
  if (claim.kind === 'settled') return { state: claim.state };
  const { call } = claim;
  const prepared = prepare(registry, call);
  if ('error' in prepared) {
    const { code, message } = prepared.error;
    // What an earlier attempt came to, only the tool could have found out.
    const isUnknown = call.effect === 'external' && claim.mayHaveActed;
    return settleCall(deps.db, claim, isUnknown ? { state: 'outcome_unknown', error: { code, message: `${nobodyKnows}: ${message}` } } : { state: 'failed', error: { code, message } });
  }
  const { tool, args } = prepared;

  const { timeoutMs } = registry.setupOf(tool.name);
  const timeout = AbortSignal.timeout(timeoutMs);
  const progress = createProgressReporter(deps, { toolCallId: call.id, toolName: tool.name });
  let hasActed = tool.confirmsClaim !== true;
  const context: ToolCallContext = {
    runId: call.run_id,
    toolCallId: call.id,
    idempotencyKey: call.idempotency_key,
    signal: AbortSignal.any([options.signal, timeout]),
    async confirmClaim() {
      options.signal.throwIfAborted();
      if (!(await confirmClaim(deps.db, claim))) throw new AppError('TOOL_FAILED', 'The call was ended or taken over meanwhile; nothing was done.', { details: { not_sent: true } });
      hasActed = true;
    },
    readResult: (providerCallId) => readResult(deps.db, call, providerCallId),
    readFile: (idOrName) => readFile(deps.db, call, idOrName),
    revealSecrets: (text, url) => deps.secrets.revealFor(text, url),
    reportProgress: (text) => progress.report(text),
  };
  // Both count: what was recorded when the call was judged, and what the tool says now.
  const isExternal = call.effect === 'external' || tool.effect(args) === 'external';

  if (isExternal && claim.mayHaveActed) {
    const earlier = await verify(tool, args, context, options.signal);
    if (earlier.state === 'happened') return settleCall(deps.db, claim, { state: 'succeeded', outcome: await masked(deps, earlier.outcome) });
    if (earlier.state === 'unknown') return settleCall(deps.db, claim, { state: 'outcome_unknown', error: { code: 'TOOL_FAILED', message: `${nobodyKnows}: the worker stopped while it was under way.` } });
  }
  // An approval or a retry may come long after the tool was switched off, or became another one under its name.
  const refusal = registry.refusalOf(tool.name) ?? (await refusalOfDefinition(deps, tool, call));
  if (refusal !== undefined) return settleCall(deps.db, claim, { state: 'failed', error: { code: 'TOOL_OFF', message: refusal } });
  let outcome;
  try {
    outcome = await tool.execute(args, context);
  } catch (thrown) {
    await progress.stop();
    return settleFailure(deps, options, { claim, tool, args, context, isExternal, hasActed, error: await toMaskedError(deps, thrown), timeoutMs, hasTimedOut: timeout.aborted });
  }
  await progress.stop();
  outcome = await masked(deps, outcome);
  // A late answer of an attempt that was given up: what it did is told to whoever is asked, never settled over their head.
  const settled = await settleCall(deps.db, claim, { state: 'succeeded', outcome });
  if (isExternal && settled.state === 'outcome_unknown') await recordLateReport(deps.db, call, outcome);
  return settled;
}

interface Failure {
  claim: Extract<Claim, { kind: 'mine' }>;
  tool: Tool;
  args: unknown;
  context: ToolCallContext;
  isExternal: boolean;
  /** Whether the tool had come to the point from which on its effect may have happened. */
  hasActed: boolean;
  error: AppError;
  timeoutMs: number;
  hasTimedOut: boolean;
}

/** Whether an external effect may have happened although the tool failed; default is yes, for a tool has to say that it did not. */
const isUncertain = ({ isExternal, hasActed, error }: Failure): boolean =>
  isExternal && hasActed && error.details?.['not_sent'] !== true && !(['TOOL_REFUSED', 'TOOL_INPUT_INVALID', 'TOOL_NOT_CONFIGURED', 'TOOL_OFF'] as string[]).includes(error.code);

async function settleFailure(deps: ExecutionDeps, options: ExecuteOptions, failure: Failure): Promise<ExecutionResult> {
  const { claim, error } = failure;
  const mayRetry = options.attempt < options.maxAttempts;
  if (isUncertain(failure)) {
    // The claim stays: whoever comes next must verify before acting.
    options.signal.throwIfAborted();
    const found = await verify(failure.tool, failure.args, failure.context, options.signal);
    if (found.state === 'happened') return settleCall(deps.db, claim, { state: 'succeeded', outcome: await masked(deps, found.outcome) });
    // Not there yet may become there: the next attempt, some time later, looks again before it acts.
    if (found.state === 'not_happened' && mayRetry) throw new AppError('TOOL_UNAVAILABLE', error.message, { cause: error });
    return settleCall(deps.db, claim, { state: 'outcome_unknown', error: { code: error.code, message: `${nobodyKnows}: ${error.message}` } });
  }
  if (options.signal.aborted) {
    await releaseCall(deps.db, claim);
    throw options.signal.reason;
  }
  const code = failure.hasTimedOut ? 'TOOL_TIMEOUT' : error.code;
  if (error.code === 'DATABASE_UNAVAILABLE' || (error.retryable && !failure.hasTimedOut && mayRetry)) {
    await releaseCall(deps.db, claim);
    throw error;
  }
  const message = code === error.code ? error.message : `The tool took longer than ${failure.timeoutMs / 1000} s.`;
  return settleCall(deps.db, claim, { state: 'failed', error: { code, message } });
}
