import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findNewestRunFileByName, findRunFile } from '../../../db/repositories/run-files.repository.ts';
import { findToolCallOutput } from '../../../db/repositories/tool-calls.repository.ts';
import type { Json, ToolFile } from '../tool.ts';

/** The whole recorded output of a call of this run, by the id the model knows it by. Throws TOOL_INPUT_INVALID when there is none. */
export async function readResult(db: Kysely<Database>, runId: string, providerCallId: string): Promise<Json> {
  const output = await findToolCallOutput(db, runId, providerCallId);
  if (output === undefined) throw new AppError('TOOL_INPUT_INVALID', `This run has no result of a tool call "${providerCallId.slice(0, 100)}".`);
  return output as Json;
}

/** A file of this run by id or name, of several with one name the newest. Throws TOOL_INPUT_INVALID when there is none. */
export async function readFile(db: Kysely<Database>, runId: string, idOrName: string): Promise<ToolFile> {
  const byId = z.uuid().safeParse(idOrName).success ? await findRunFile(db, runId, idOrName) : undefined;
  const file = byId ?? (await findNewestRunFileByName(db, runId, idOrName));
  if (file === undefined) throw new AppError('TOOL_INPUT_INVALID', `This run has no file "${idOrName.slice(0, 200)}".`);
  return { id: file.id, name: file.name, mediaType: file.media_type, bytes: file.content };
}
