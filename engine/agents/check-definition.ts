import type { Kysely } from 'kysely';
import type { AgentDefinition, ModelProvider } from '../../contracts/agents.ts';
import { AppError, type FieldIssue } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import type { ToolRegistry } from '../tools/index.ts';

/** The model providers of this system and the models they are known to have. */
interface ModelCatalogue {
  list(): readonly Pick<ModelProvider, 'provider' | 'is_scripted' | 'models'>[];
}

export interface AgentDeps {
  db: Kysely<Database>;
  tools: Pick<ToolRegistry, 'find'>;
  models: ModelCatalogue;
}

const refuse = (code: 'TOOL_UNKNOWN' | 'VALIDATION_FAILED', issue: FieldIssue): never => {
  throw new AppError(code, undefined, { details: { issues: [issue] } });
};

/**
 * Checks what a schema cannot: that the tools and a scripted model exist here. Models of real providers are theirs to know, and a
 * provider without a key may get one later. Throws TOOL_UNKNOWN and VALIDATION_FAILED with `details.issues`.
 */
export function checkDefinition({ tools, models }: Pick<AgentDeps, 'tools' | 'models'>, definition: AgentDefinition): void {
  definition.tools.forEach((name, index) => {
    if (tools.find(name) === undefined) refuse('TOOL_UNKNOWN', { path: `tools.${index}`, message: `There is no tool "${name}".` });
  });
  const provider = models.list().find((candidate) => candidate.provider === definition.llm_provider);
  if (provider?.is_scripted === true && !provider.models.includes(definition.llm_model)) {
    refuse('VALIDATION_FAILED', { path: 'llm_model', message: `There is no script named "${definition.llm_model}".` });
  }
}
