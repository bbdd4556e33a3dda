import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findEarlierRunFile } from '../../../db/repositories/run-files.repository.ts';
import { findToolCallOutput, type ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import type { Json, ToolFile } from '../tool.ts';

/** A call that reads. What calls of its own turn give was not there when it was judged, so it is not there for it at all. */
type Reader = Pick<ToolCallRow, 'run_id' | 'iteration'>;

/** The whole recorded output of a call of an earlier turn, by the id the model knows it by. Throws TOOL_INPUT_INVALID when there is none. */
export async function readResult(db: Kysely<Database>, { run_id: runId, iteration }: Reader, providerCallId: string): Promise<Json> {
  const output = await findToolCallOutput(db, { runId, beforeIteration: iteration, providerCallId });
  if (output === undefined) throw new AppError('TOOL_INPUT_INVALID', `This run has no result of a tool call "${providerCallId.slice(0, 100)}".`);
  return output as Json;
}

/** A file of an earlier turn by id or name, of several with one name the newest. Throws TOOL_INPUT_INVALID when there is none. */
export async function readFile(db: Kysely<Database>, { run_id: runId, iteration }: Reader, idOrName: string): Promise<ToolFile> {
  const given = { runId, beforeIteration: iteration };
  const byId = z.uuid().safeParse(idOrName).success ? await findEarlierRunFile(db, { ...given, id: idOrName }) : undefined;
  const file = byId ?? (await findEarlierRunFile(db, { ...given, name: idOrName }));
  if (file === undefined) throw new AppError('TOOL_INPUT_INVALID', `This run has no file "${idOrName.slice(0, 200)}".`);
  return { id: file.id, name: file.name, mediaType: file.media_type, bytes: file.content };
}
