import type { z } from 'zod';
import type { RiskLevel, ToolEffect, ToolFacts, ToolName } from '../../contracts/tools.ts';
import type { Json } from '../../platform/json.ts';

export type { Json };

/** A file of a run, as tools make and read it. `id` is a new UUID of the maker's (platform/ids.ts). */
export interface ToolFile {
  id: string;
  /** Fits `fileNameSchema` of contracts/run-files.ts. */
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** What one attempt of a call knows about itself. */
export interface ToolCallContext {
  runId: string;
  toolCallId: string;
  /** Made of run and call id; the same on every attempt. Sent along where the other side can use it. */
  idempotencyKey: string;
  /** Aborts when the run is cancelled or the call's time is up; every tool must stop its work then. */
  signal: AbortSignal;
  /**
   * To be called right before an `external` effect happens, as late as the tool can: throws when the call was ended or taken over by
   * another attempt meanwhile, and then nothing may happen. Only a tool that says `confirmsClaim` has to.
   */
  confirmClaim(): Promise<void>;
  /**
   * The whole recorded output of a call of an earlier turn of the run, by tool call id as the model knows it, so that a tool can
   * be handed a prior result without the model copying it. Throws TOOL_INPUT_INVALID when the run has no such result.
   */
  readResult(toolCallId: string): Promise<Json>;
  /** A file a call of an earlier turn made, by its id or its name (the newest of that name). Throws TOOL_INPUT_INVALID when there is none. */
  readFile(idOrName: string): Promise<ToolFile>;
  /**
   * The text with each `{{secret:name}}` replaced by the secret, to be used right before it is sent to this URL. Throws TOOL_REFUSED when
   * there is no such secret or it may not go to that host, TOOL_NOT_CONFIGURED when it cannot be opened.
   */
  revealSecrets(text: string, url: URL): Promise<string>;
  /** Says how far the call has come, in one line for the trace. Shown now and then, kept nowhere. */
  reportProgress(text: string): void;
}

/**
 * What the model and the trace get back. `output` may be large: it is stored whole and shortened for the model later. Stored secrets in
 * it are masked by the execution, not by the tool.
 */
export interface ToolOutcome {
  output: Json;
  /** Kept as files of the run together with the outcome. The output names each as `{"file": <outputFileSchema of contracts/run-files.ts>}`. */
  files?: ToolFile[];
  /** One line for the trace and the terminal, e.g. "47 rows". */
  summary: string;
}

/** What a check of an unfinished external effect found: it happened (with the outcome to record), it did not, or nobody can tell. */
export type ToolVerification = { state: 'happened'; outcome: ToolOutcome } | { state: 'not_happened' } | { state: 'unknown' };

/**
 * One agent tool. Arguments have passed `argumentsSchema` before any other member sees them.
 * Failures are thrown as AppError: TOOL_REFUSED (a guard stopped it), TOOL_FAILED, TOOL_TIMEOUT, TOOL_NOT_CONFIGURED go to the model as an
 * error result; TOOL_UNAVAILABLE is retried first when the effect allows it.
 */
export interface Tool<Args = unknown> {
  name: ToolName;
  /** What the model reads when it chooses; one or two sentences. */
  description: string;
  /** zod in code; its JSON Schema is shown to models and people. */
  argumentsSchema: z.ZodType<Args>;
  /** JSON Schema of the arguments where zod cannot make it from `argumentsSchema`: that of somebody else's tool. */
  parameters?: { [key: string]: Json };
  /** Name of the MCP server it comes from. */
  mcpServer?: string;
  /** What it was when it was reviewed, of a tool that may become another one under the same name. A call that was judged under another definition is not executed. */
  definitionHash?: string;
  /** Offered beside one of these tools an agent was given (or beside any), without being given itself. */
  offeredWith?: readonly ToolName[] | 'any';
  /** Why it cannot be used although an admin did not switch it off, e.g. a changed definition that waits for a review. */
  heldReason?: string;
  /** Risk before policy, from the arguments: the highest that applies. */
  defaultRisk: RiskLevel;
  risk(args: Args): RiskLevel;
  /** Effect before the arguments are known: the strongest that applies. */
  defaultEffect: ToolEffect;
  effect(args: Args): ToolEffect;
  /** What an admin has to set before the tool can work, in one sentence; null when it can. Such a tool throws TOOL_NOT_CONFIGURED. */
  missingConfiguration: string | null;
  /** Milliseconds one attempt may take, start-up included; an admin may set another time. */
  timeoutMs: number;
  /** What policy and the stored verdict know of the call. Small; never bodies or secrets. */
  facts(args: Args): ToolFacts;
  /** Arguments that are content rather than something to decide by: policies cannot look at them, nor are they kept with the verdict, however short. */
  bodies?: readonly string[];
  /** What will happen, in one sentence an approver reads: "Send an e-mail to 3 recipients, 1 outside the company". */
  effectSentence(args: Args): string;
  execute(args: Args, context: ToolCallContext): Promise<ToolOutcome>;
  /** Its outcome is what a person answers: it always asks one unless policies deny it, and is never executed. */
  asksPerson?: true;
  /** The tool calls `confirmClaim` before every outside effect, so that an attempt which ended before that certainly did nothing. */
  confirmsClaim?: true;
  /** For `external` effects: finds out whether an earlier attempt that left no outcome did happen. */
  verify?(args: Args, context: ToolCallContext): Promise<ToolVerification>;
}
