import { llmProviderSchema, modelParametersSchema, onRejectionSchema } from '@contracts/agents.ts';
import { toolNameSchema } from '@contracts/tools.ts';
import { z } from 'zod';
import type { AgentFormValues } from './form-values.ts';

const durationUnitSchema = z.enum(['minutes', 'hours', 'days']);
/** A target as it is typed: the model may still be empty. */
const targetShape = { llm_provider: llmProviderSchema, llm_connection: z.string().nullable(), llm_model: z.string() };

const draftSchema = z.object({
  savedAt: z.number(),
  values: z.object({
    name: z.string(), purpose: z.string(), ...targetShape, fallbacks: z.array(z.object(targetShape)), instructions: z.string(),
    tools: z.array(toolNameSchema),
    tags: z.array(z.string()),
    limits: z.object({ max_iterations: z.string(), max_tokens: z.string(), max_cost: z.string(), max_duration: z.string(), duration_unit: durationUnitSchema }),
    on_rejection: onRejectionSchema, temperature: z.string(), max_output_tokens: z.string(),
    parameters: z.object({
      top_p: z.string(), stop_sequences: z.string(), seed: z.string(), frequency_penalty: z.string(), presence_penalty: z.string(),
      reasoning_effort: z.union([z.literal(''), modelParametersSchema.shape.reasoning_effort.unwrap().unwrap()]), thinking_budget_tokens: z.string(), parallel_tool_calls: z.enum(['', 'yes', 'no']),
    }),
    cache_policy: z.object({ mode: z.enum(['off', 'on']), ttl: z.string(), unit: durationUnitSchema }),
    output_schema: z.string(),
  }),
});
export interface AgentDraft {
  savedAt: number;
  values: AgentFormValues;
}

/** Where a draft is kept: apart for each person, each agent and each version it was begun on. */
export const draftKey = ({ userId, agent }: { userId: string; agent?: { id: string; version: number } | undefined }): string =>
  `maestro.agent-draft.${userId}.${agent === undefined ? 'new' : `${agent.id}.${agent.version}`}`;

/** A stored draft; undefined when there is none or an older build wrote it in another form. */
export const parseDraft = (text: string | null): AgentDraft | undefined => {
  if (text === null) return undefined;
  try {
    return draftSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

export const readDraft = (key: string): AgentDraft | undefined => {
  try {
    return parseDraft(localStorage.getItem(key));
  } catch {
    return undefined;
  }
};

/** Keeps a draft, or forgets it. Storage may be full or blocked; the form then lasts as long as the page. */
export const writeDraft = (key: string, values: AgentFormValues | undefined): void => {
  try {
    if (values === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ savedAt: Date.now(), values } satisfies AgentDraft));
  } catch {
    // As said above.
  }
};
