import type { Kysely } from 'kysely';
import type { AgentDefinition, ModelTarget } from '../../contracts/agents.ts';
import { AppError, type FieldIssue } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { type LanguageModels, modelApis } from '../llm/index.ts';
import type { ToolCatalogue, ToolRegistry } from '../tools/index.ts';
import { checkOutputSchema } from './check-output-schema.ts';

export interface AgentDeps {
  db: Kysely<Database>;
  tools: Pick<ToolCatalogue, 'current'>;
  models: Pick<LanguageModels, 'describe'>;
}

/** `db` is the transaction, where there is one; the tools were looked up before it. */
type CheckDeps = Omit<AgentDeps, 'tools'> & { tools: Pick<ToolRegistry, 'has'> };

/** What is wrong with a model of the chain: its connection, its script, or what its provider would refuse of the agent's settings. */
async function checkTarget({ db, models }: CheckDeps, definition: AgentDefinition, target: ModelTarget): Promise<FieldIssue[]> {
  const described = await models.describe(target, { db });
  if (described === undefined) return [{ path: 'llm_connection', message: 'There is no such connection of this provider.' }];
  if (!described.isEnabled) return [{ path: 'llm_connection', message: `The connection ${described.label} is switched off.` }];
  const { llm_model: model, llm_provider: provider } = target;
  // A script knows no settings and is not disturbed by any.
  if (provider === 'scripted') return described.scripts.includes(model) ? [] : [{ path: 'llm_model', message: `There is no script named "${model}".` }];
  const { temperature, max_output_tokens, parameters, output_schema, tools } = definition;
  return modelApis[provider].checkSettings({ model, isOfficial: described.isOfficial, temperature, max_output_tokens, parameters, output_schema, tools });
}

const ownPaths = new Set(['llm_connection', 'llm_model']);

/** The agent's settings hold for its fallbacks too: what one of them would refuse is an issue of that fallback. */
async function checkFallback(deps: CheckDeps, definition: AgentDefinition, index: number): Promise<FieldIssue[]> {
  const target = definition.fallbacks[index] as ModelTarget;
  const issues = await checkTarget(deps, definition, target);
  return issues.map(({ path, message }) => (ownPaths.has(path) ? { path: `fallbacks.${index}.${path}`, message } : { path: `fallbacks.${index}.llm_model`, message: `${message} Its setting ${path} holds for ${target.llm_model} too.` }));
}

function findRepetitions({ fallbacks, llm_provider, llm_connection, llm_model }: AgentDefinition): FieldIssue[] {
  const keyOf = (target: ModelTarget): string => JSON.stringify([target.llm_provider, target.llm_connection, target.llm_model]);
  const seen = new Set([keyOf({ llm_provider, llm_connection, llm_model })]);
  return fallbacks.flatMap((target, index) => {
    const isRepeated = seen.has(keyOf(target));
    seen.add(keyOf(target));
    return isRepeated ? [{ path: `fallbacks.${index}.llm_model`, message: 'This model is in the chain already.' }] : [];
  });
}

/**
 * Checks what a schema cannot: that tools, scripts and connections exist here, that each model of the chain takes the agent's settings
 * and that the output schema is one. Models of real providers are theirs to know, and a provider without a key may get one later.
 * Throws TOOL_UNKNOWN and VALIDATION_FAILED with `details.issues`, all at once.
 */
export async function checkDefinition(deps: CheckDeps, definition: AgentDefinition): Promise<void> {
  const unknown = definition.tools.flatMap((name, index) => (deps.tools.has(name) ? [] : [{ path: `tools.${index}`, message: `There is no tool "${name}".` }]));
  if (unknown.length > 0) throw new AppError('TOOL_UNKNOWN', undefined, { details: { issues: unknown } });
  const issues = [...(await checkTarget(deps, definition, definition)), ...findRepetitions(definition)];
  for (const index of definition.fallbacks.keys()) issues.push(...(await checkFallback(deps, definition, index)));
  if (definition.output_schema !== null) issues.push(...checkOutputSchema(definition.output_schema));
  if (issues.length > 0) throw new AppError('VALIDATION_FAILED', undefined, { details: { issues } });
}
