import type { Kysely } from 'kysely';
import type { AgentDefinition } from '../../contracts/agents.ts';
import { AppError, type FieldIssue } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import type { LanguageModels } from '../llm/index.ts';
import type { ToolRegistry } from '../tools/index.ts';

export interface AgentDeps {
  db: Kysely<Database>;
  tools: Pick<ToolRegistry, 'find'>;
  models: Pick<LanguageModels, 'describe'>;
}

const refuse = (code: 'TOOL_UNKNOWN' | 'VALIDATION_FAILED', issue: FieldIssue): never => {
  throw new AppError(code, undefined, { details: { issues: [issue] } });
};

/**
 * Checks what a schema cannot: that the tools and a scripted model exist here. Models of real providers are theirs to know, and a
 * provider without a key may get one later. Throws TOOL_UNKNOWN and VALIDATION_FAILED with `details.issues`.
 */
export async function checkDefinition({ db, tools, models }: AgentDeps, definition: AgentDefinition): Promise<void> {
  definition.tools.forEach((name, index) => {
    if (tools.find(name) === undefined) refuse('TOOL_UNKNOWN', { path: `tools.${index}`, message: `There is no tool "${name}".` });
  });
  const target = await models.describe(definition, { db });
  if (target?.isScripted === true && !target.scripts.includes(definition.llm_model)) {
    refuse('VALIDATION_FAILED', { path: 'llm_model', message: `There is no script named "${definition.llm_model}".` });
  }
}
