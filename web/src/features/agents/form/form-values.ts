import { type Agent, type AgentDefinition, type CreateAgentInput, createAgentBodySchema, defaultRunLimits, type LlmProvider, type OnRejection, type UpdateAgentBody } from '@contracts/agents.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import type { ToolName } from '@contracts/tools.ts';
import { fromLimitValues, type LimitValues, parseTypedNumber, toLimitField, toLimitValues } from '@/components/limits/limit-values.ts';

/** An agent as the form holds it: numbers as typed. */
export interface AgentFormValues {
  name: string;
  purpose: string;
  llm_provider: LlmProvider;
  llm_model: string;
  instructions: string;
  tools: ToolName[];
  limits: LimitValues;
  on_rejection: OnRejection;
  /** Empty: the provider's own. */
  temperature: string;
  max_output_tokens: string;
}

export const emptyFormValues = (provider: LlmProvider = 'openai'): AgentFormValues => ({
  name: '', purpose: '', llm_provider: provider, llm_model: '', instructions: '', tools: [],
  limits: toLimitValues(defaultRunLimits), on_rejection: 'tell_agent', temperature: '', max_output_tokens: '',
});

export const toFormValues = (agent: AgentDefinition & { name: string }): AgentFormValues => ({
  name: agent.name,
  purpose: agent.purpose,
  llm_provider: agent.llm_provider,
  llm_model: agent.llm_model,
  instructions: agent.instructions,
  tools: agent.tools,
  limits: toLimitValues(agent.limits),
  on_rejection: agent.on_rejection,
  temperature: agent.temperature === null ? '' : String(agent.temperature),
  max_output_tokens: agent.max_output_tokens === null ? '' : String(agent.max_output_tokens),
});

/** The fields in the order of the page, which is the order problems are told in. */
const formFields = [
  'name', 'purpose', 'llm_provider', 'llm_model', 'instructions', 'temperature', 'max_output_tokens', 'tools', 'on_rejection',
  'limits.max_iterations', 'limits.max_tokens', 'limits.max_cost', 'limits.max_duration',
];

export const inPageOrder = (fields: readonly string[]): string[] => fields.toSorted((a, b) => formFields.indexOf(a) - formFields.indexOf(b));

/** The field of the form an issue of the api is about; undefined when the form has none such. */
export const toFormField = (path: string): string | undefined => {
  const field = path.startsWith('tools.') ? 'tools' : toLimitField(path);
  return formFields.includes(field) ? field : undefined;
};

const optionalNumber = (text: string): number | null => (text.trim() === '' ? null : parseTypedNumber(text));

const sentences: Record<string, string> = {
  name: 'Name: at most 120 characters.',
  purpose: 'Purpose: at most 2 000 characters.',
  llm_model: 'Model: at most 200 characters.',
  instructions: 'Instructions: at most 20 000 characters.',
  temperature: 'Temperature: from 0 to 2, or empty.',
  max_output_tokens: 'Longest answer: from 16 to 200 000 tokens, or empty.',
};

/** The body the api takes, or what is wrong with which field of the form. */
export const toAgentBody = (values: AgentFormValues): { body: CreateAgentInput; issues: FieldIssue[] } => {
  const { limits, issues } = fromLimitValues(values.limits);
  const body: CreateAgentInput = {
    name: values.name.trim(), purpose: values.purpose.trim(), llm_provider: values.llm_provider, llm_model: values.llm_model.trim(),
    instructions: values.instructions, tools: values.tools, limits, on_rejection: values.on_rejection,
    temperature: optionalNumber(values.temperature), max_output_tokens: optionalNumber(values.max_output_tokens),
  };
  const parsed = createAgentBodySchema.safeParse(body);
  const found = parsed.success ? [] : parsed.error.issues.map(({ path, message, code }): FieldIssue => {
    const field = toFormField(path.join('.')) ?? path.join('.');
    // An empty field has a sentence of its own in the contract; the rest are bounds, put into words here.
    const isEmpty = code === 'too_small' && ['name', 'purpose', 'llm_model'].includes(field);
    return { path: field, message: isEmpty ? message : (sentences[field] ?? message) };
  });
  const known = new Set(issues.map((issue) => issue.path));
  const all = [...found.filter((issue) => !known.has(issue.path)), ...issues];
  return { body, issues: all.toSorted((a, b) => formFields.indexOf(a.path) - formFields.indexOf(b.path)) };
};

/** What an edit changes of an agent, made against the version that was opened; undefined when nothing. */
export const toUpdateBody = (body: CreateAgentInput, agent: Agent): UpdateAgentBody | undefined => {
  const changes = Object.entries(body).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(agent[name as keyof Agent]));
  return changes.length === 0 ? undefined : ({ ...Object.fromEntries(changes), version: agent.version } as UpdateAgentBody);
};
