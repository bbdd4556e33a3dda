import type { ModelParameters } from '../../contracts/agents.ts';
import type { Json } from '../tools/tool.ts';

/** One tool call as the model asked for it. `arguments` is undefined when the text was not a JSON object; `rawArguments` is verbatim. */
export interface ModelToolCall {
  id: string;
  name: string;
  arguments: { [key: string]: Json } | undefined;
  rawArguments: string;
}

/** Conversation in provider-neutral form. A tool message answers exactly one call of the assistant message before it. */
export type ModelMessage =
  | { role: 'user'; content: string }
  | {
      role: 'assistant';
      content: string;
      toolCalls: ModelToolCall[];
      /** Blocks the provider wants back untouched on the next turn (thinking with signatures); opaque to everyone else. */
      providerState?: Json;
    }
  | { role: 'tool'; toolCallId: string; content: string; isError: boolean };

/** A tool as shown to the model; `parameters` is JSON Schema. */
export interface ModelTool {
  name: string;
  description: string;
  parameters: { [key: string]: Json };
}

export interface ModelRequest {
  model: string;
  system: string;
  messages: ModelMessage[];
  tools: ModelTool[];
  /** Tokens; the adapter has a default where the provider demands a number. */
  maxOutputTokens?: number | undefined;
  temperature?: number | undefined;
  /** As an agent's definition has them; null, or not there, leaves it to the provider. */
  parameters?: Partial<ModelParameters> | undefined;
  /** JSON Schema of the final answer. Sent natively where the API has a field for it that compatible servers take; the prompt says it anyway. */
  outputSchema?: { [key: string]: Json } | undefined;
  /** The answer must be the last one: calls would not be made. The tools stay, so that the conversation reads the same. */
  mustAnswer?: boolean | undefined;
  /** Earlier turns were left out, so state bound to the whole conversation (signed thinking) no longer holds. */
  isShortened?: boolean | undefined;
}

/** Tokens of one call; undefined where the provider does not say (unknown is not 0). */
export interface ModelUsage {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  cachedInputTokens: number | undefined;
  cacheWriteTokens: number | undefined;
  reasoningTokens: number | undefined;
}

export type FinishReason = 'stop' | 'tool_calls' | 'max_tokens' | 'refusal' | 'content_filter';

export interface ModelResponse {
  /** The model that answered, as the provider names it. */
  model: string;
  text: string;
  /** Readable reasoning, where the provider gives any. */
  thought: string | undefined;
  toolCalls: ModelToolCall[];
  finishReason: FinishReason;
  usage: ModelUsage;
  /** The provider's own usage object, kept beside the normalised one. */
  rawUsage: Json;
  providerState?: Json;
}

/** A piece of an answer under way. What a tool call is made of is not shown before it is whole. */
export interface ModelDelta {
  channel: 'thought' | 'text';
  text: string;
}

/** What a provider's headers say of its limits, each only where it says it. `remaining` counts until `resetAt`. */
export interface ProviderLimits {
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  remainingRequests?: number | undefined;
  remainingTokens?: number | undefined;
  requestsResetMs?: number | undefined;
  tokensResetMs?: number | undefined;
}

export interface GenerateOptions {
  signal: AbortSignal;
  /** Each piece as it arrives, in order. Joined, a channel's pieces are the answer's `text` or `thought` (but for trimming). */
  onDelta?: ((delta: ModelDelta) => void) | undefined;
  /** The request as it goes on the wire, before it is sent: the body's exact text; credentials are headers and not among it. */
  onRequest?: ((request: { url: string; body: string }) => void) | undefined;
  /** Headers of the answer have arrived; an error answer's too. */
  onLimits?: ((limits: ProviderLimits) => void) | undefined;
}

/**
 * A model provider. Throws AppError with an LLM_* code; `details.retry_after_ms` carries the provider's delay where it gave one.
 * Never retries by itself. An empty answer (no text, no tool call) is LLM_RESPONSE_INVALID unless the token limit or a filter
 * explains it; a refusal is a finish reason. A stream that stalls or is cut is LLM_UNAVAILABLE, whatever had arrived of it. Once
 * `signal` aborts, the request is given up at once and the signal's reason is thrown.
 */
export interface LanguageModel {
  generate(request: ModelRequest, options: GenerateOptions): Promise<ModelResponse>;
}
