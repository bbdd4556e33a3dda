import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findToolCallOutput } from '../../../db/repositories/tool-calls.repository.ts';
import type { Json } from '../tool.ts';

/** The whole recorded output of a call of this run, by the id the model knows it by. Throws TOOL_INPUT_INVALID when there is none. */
export async function readResult(db: Kysely<Database>, runId: string, providerCallId: string): Promise<Json> {
  const output = await findToolCallOutput(db, runId, providerCallId);
  if (output === undefined) throw new AppError('TOOL_INPUT_INVALID', `This run has no result of a tool call "${providerCallId.slice(0, 100)}".`);
  return output as Json;
}
