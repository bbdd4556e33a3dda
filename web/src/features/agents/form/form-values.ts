import { type Agent, type AgentDefinition, cachePolicySchema, type CreateAgentInput, createAgentBodySchema, defaultCachePolicy, defaultRunLimits, type ModelTarget, type OnRejection, type UpdateAgentBody } from '@contracts/agents.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import type { ToolName } from '@contracts/tools.ts';
import { type DurationUnit, durationUnits, fromLimitValues, type LimitValues, parseTypedNumber, toDurationValues, toLimitField, toLimitValues } from '@/components/limits/limit-values.ts';
import { parseJsonObject } from '@/lib/parse-json-object.ts';
import { emptyParameterValues, fromParameterValues, type ParameterField, parameterSpecs, type ParameterValues, toParameterValues } from './parameter-values.ts';

/** An agent as the form holds it: numbers, lists of lines and JSON as typed. */
export interface AgentFormValues extends ModelTarget {
  name: string;
  purpose: string;
  fallbacks: ModelTarget[];
  instructions: string;
  tools: ToolName[];
  tags: string[];
  limits: LimitValues;
  on_rejection: OnRejection;
  /** Empty: the provider's own. */
  temperature: string;
  max_output_tokens: string;
  parameters: ParameterValues;
  cache_policy: { mode: 'off' | 'on'; ttl: string; unit: DurationUnit };
  /** Empty: free text. */
  output_schema: string;
}

const toCacheValues = ({ mode, ttl_seconds: seconds }: AgentDefinition['cache_policy']): AgentFormValues['cache_policy'] => {
  const { amount, unit } = toDurationValues(seconds);
  return { mode, ttl: amount, unit };
};

export const emptyFormValues = (connection: Pick<ModelTarget, 'llm_provider' | 'llm_connection'> = { llm_provider: 'openai', llm_connection: null }): AgentFormValues => ({
  name: '', purpose: '', ...connection, llm_model: '', fallbacks: [], instructions: '', tools: [], tags: [],
  limits: toLimitValues(defaultRunLimits), on_rejection: 'tell_agent', temperature: '', max_output_tokens: '',
  parameters: emptyParameterValues, cache_policy: toCacheValues(defaultCachePolicy), output_schema: '',
});

export const toFormValues = (agent: AgentDefinition & { name: string }): AgentFormValues => ({
  name: agent.name,
  purpose: agent.purpose,
  llm_provider: agent.llm_provider,
  llm_connection: agent.llm_connection,
  llm_model: agent.llm_model,
  fallbacks: agent.fallbacks,
  instructions: agent.instructions,
  tools: agent.tools,
  tags: agent.tags,
  limits: toLimitValues(agent.limits),
  on_rejection: agent.on_rejection,
  temperature: agent.temperature === null ? '' : String(agent.temperature),
  max_output_tokens: agent.max_output_tokens === null ? '' : String(agent.max_output_tokens),
  parameters: toParameterValues(agent.parameters),
  cache_policy: toCacheValues(agent.cache_policy),
  output_schema: agent.output_schema === null ? '' : JSON.stringify(agent.output_schema, null, 2),
});

/** Fields that fold away until they are wanted. */
export const advancedFields: readonly string[] = ['max_output_tokens', ...parameterSpecs.map(({ field }): ParameterField => field)];

/** The fields in the order of the page, which is the order problems are told in. */
const formFields = [
  'name', 'purpose', 'llm_connection', 'llm_model', 'fallbacks', 'instructions', ...advancedFields, 'output_schema', 'cache_policy.ttl', 'tags', 'tools', 'on_rejection',
  'limits.max_iterations', 'limits.max_tokens', 'limits.max_cost', 'limits.max_duration',
];

/** Each fallback is a field of its own, in the place of all of them. */
const placeOf = (field: string): number => formFields.indexOf(field.replace(/^fallbacks\.\d+$/, 'fallbacks'));
export const inPageOrder = (fields: readonly string[]): string[] => fields.toSorted((a, b) => placeOf(a) - placeOf(b));

/** The field of the form an issue of the api is about; undefined when the form has none such. */
export const toFormField = (path: string): string | undefined => {
  const [first = '', second] = path.split('.');
  const field =
    first === 'tools' || first === 'tags' || first === 'output_schema' ? first
    : first === 'fallbacks' ? (second === undefined ? first : `${first}.${second}`)
    : first === 'parameters' && second !== undefined ? `${first}.${second}`
    : first === 'cache_policy' ? 'cache_policy.ttl'
    : first === 'llm_provider' ? 'llm_connection'
    : toLimitField(path);
  return placeOf(field) === -1 ? undefined : field;
};

/** What stands before the sentence of an issue inside a JSON text: where in it. */
export const withinField = (path: string): string => (path.startsWith('output_schema.') ? `${path.slice('output_schema.'.length)}: ` : '');

const optionalNumber = (text: string): number | null => (text.trim() === '' ? null : parseTypedNumber(text));

const sentences: Record<string, string> = {
  name: 'Name: at most 120 characters.',
  purpose: 'Purpose: at most 2 000 characters.',
  llm_model: 'Model: at most 200 characters.',
  fallbacks: 'Fallbacks: at most 5.',
  instructions: 'Instructions: at most 20 000 characters.',
  tags: 'Tags: at most 20, each of small letters, digits and -, at most 40 characters long.',
  max_output_tokens: 'Longest answer: from 16 to 200 000 tokens, or empty.',
  'cache_policy.ttl': 'Answers are kept: from 1 minute to 30 days.',
  ...Object.fromEntries(parameterSpecs.map(({ field, sentence }) => [field, sentence])),
};

const toCachePolicy = ({ mode, ttl, unit }: AgentFormValues['cache_policy']): AgentDefinition['cache_policy'] => {
  const policy = { mode, ttl_seconds: Math.round(parseTypedNumber(ttl) * durationUnits[unit]) };
  // Switched off, the time is out of sight: what is wrong with it stops nobody.
  return mode === 'off' && !cachePolicySchema.safeParse(policy).success ? defaultCachePolicy : policy;
};

/** The body the api takes, or what is wrong with which field of the form. */
export const toAgentBody = (values: AgentFormValues): { body: CreateAgentInput; issues: FieldIssue[] } => {
  const { limits, issues } = fromLimitValues(values.limits);
  const schema = parseJsonObject(values.output_schema, '{"type": "object"}');
  if (!schema.ok) issues.push({ path: 'output_schema', message: schema.message });
  const body: CreateAgentInput = {
    name: values.name.trim(), purpose: values.purpose.trim(), llm_provider: values.llm_provider, llm_connection: values.llm_connection, llm_model: values.llm_model.trim(),
    fallbacks: values.fallbacks, instructions: values.instructions, tools: values.tools, tags: values.tags, limits, on_rejection: values.on_rejection,
    temperature: optionalNumber(values.temperature), max_output_tokens: optionalNumber(values.max_output_tokens),
    parameters: fromParameterValues(values.parameters), cache_policy: toCachePolicy(values.cache_policy),
    output_schema: schema.ok && schema.data !== undefined ? (schema.data as AgentDefinition['output_schema']) : null,
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
  return { body: parsed.success ? parsed.data : body, issues: all.toSorted((a, b) => placeOf(a.path) - placeOf(b.path)) };
};

/** What an edit changes of an agent, made against the version that was opened; undefined when nothing. */
export const toUpdateBody = (body: CreateAgentInput, agent: Agent): UpdateAgentBody | undefined => {
  const changes = Object.entries(body).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(agent[name as keyof Agent]));
  return changes.length === 0 ? undefined : ({ ...Object.fromEntries(changes), version: agent.version } as UpdateAgentBody);
};
