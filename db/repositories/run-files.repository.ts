import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { RunFile } from '../../contracts/run-files.ts';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';
import type { RunFilesTable } from '../tables/tools.table.ts';

export type RunFileRow = Selectable<RunFilesTable>;

export interface NewRunFile {
  id: string;
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** Keeps files a tool call made. */
export async function insertRunFiles(trx: Kysely<Database>, { runId, toolCallId, files }: { runId: string; toolCallId: string; files: readonly NewRunFile[] }): Promise<void> {
  if (files.length === 0) return;
  await trx
    .insertInto('run_files')
    .values(
      files.map(({ id, name, mediaType, bytes }) => ({
        id, run_id: runId, tool_call_id: toolCallId, name: toStorableText(name), media_type: toStorableText(mediaType), bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'), content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      })),
    )
    .execute();
}

/** Bytes of all files of a run. */
export async function sumRunFileBytes(trx: Kysely<Database>, runId: string): Promise<number> {
  const row = await trx.selectFrom('run_files').select((eb) => eb.fn.sum<string | null>('bytes').as('bytes')).where('run_id', '=', runId).executeTakeFirst();
  return Number(row?.bytes ?? 0);
}

/** Files of a run, oldest first, without their content. */
export async function listRunFiles(db: Kysely<Database>, runId: string): Promise<RunFile[]> {
  const rows = await db
    .selectFrom('run_files')
    .innerJoin('tool_calls', 'tool_calls.id', 'run_files.tool_call_id')
    .select(['run_files.id', 'run_files.run_id', 'run_files.tool_call_id', 'tool_calls.tool_name', 'tool_calls.iteration', 'run_files.name', 'run_files.media_type', 'run_files.bytes', 'run_files.sha256', 'run_files.created_at'])
    .where('run_files.run_id', '=', runId)
    .orderBy('run_files.created_at')
    .orderBy('run_files.id')
    .execute();
  return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
}

/** One file of a run with its content. */
export async function findRunFile(db: Kysely<Database>, runId: string, fileId: string): Promise<RunFileRow | undefined> {
  return db.selectFrom('run_files').selectAll().where('run_id', '=', runId).where('id', '=', fileId).executeTakeFirst();
}

/** A file of a run made before this turn, by id or by name; of several with one name the newest. */
export async function findEarlierRunFile(db: Kysely<Database>, { runId, beforeIteration, ...named }: { runId: string; beforeIteration: number } & ({ id: string } | { name: string })): Promise<RunFileRow | undefined> {
  return db
    .selectFrom('run_files')
    .innerJoin('tool_calls', 'tool_calls.id', 'run_files.tool_call_id')
    .selectAll('run_files')
    .where('run_files.run_id', '=', runId)
    .where('tool_calls.iteration', '<', beforeIteration)
    .where((eb) => ('id' in named ? eb('run_files.id', '=', named.id) : eb('run_files.name', '=', toStorableText(named.name))))
    .orderBy('run_files.created_at', 'desc')
    .orderBy('run_files.id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
