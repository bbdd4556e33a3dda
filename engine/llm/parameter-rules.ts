import { defaultModelParameters, type ModelParameters } from '../../contracts/agents.ts';
import { AppError, type FieldIssue } from '../../contracts/errors.ts';
import type { ModelRequest } from './language-model.ts';

/** An agent's settings as far as a provider has rules for them. */
export interface RequestSettings {
  model: string;
  /** The provider's own server; others are not held to its rules. */
  isOfficial: boolean;
  temperature: number | null;
  max_output_tokens: number | null;
  parameters: ModelParameters;
  output_schema: object | null;
  tools: string[];
}

/** What a provider would refuse of an agent's settings; paths are those of the agent's body (`parameters.seed`). */
export type ParameterRules = (settings: RequestSettings) => FieldIssue[];

const toSettings = ({ model, temperature, maxOutputTokens, parameters, outputSchema, tools }: ModelRequest, isOfficial: boolean): RequestSettings => ({
  model,
  isOfficial,
  temperature: temperature ?? null,
  max_output_tokens: maxOutputTokens ?? null,
  parameters: { ...defaultModelParameters, ...parameters },
  output_schema: outputSchema ?? null,
  tools: tools.map(({ name }) => name),
});

/**
 * Throws LLM_REQUEST_INVALID for a request its provider would refuse: a setting that silently does nothing would be worse than one
 * that is refused in words.
 */
export function refuseAgainst(rules: ParameterRules, request: ModelRequest, { label, isOfficial }: { label: string; isOfficial: boolean }): void {
  const issues = rules(toSettings(request, isOfficial));
  if (issues.length > 0) throw new AppError('LLM_REQUEST_INVALID', `${label} was not asked. ${issues.map(({ message }) => message).join(' ')} Change it in the agent's settings.`, { details: { issues } });
}
