import { type Kysely, sql } from 'kysely';
import type { MaestroEvent } from '../../contracts/events.ts';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';

/** A piece of what an open turn is saying, as its event carries it. */
export type DraftPiece = Extract<MaestroEvent, { type: 'text-delta' }>['data'];

/**
 * Appends pieces of any number of turns to the log in one statement. Those of a turn that is over by now are left out, so that a
 * worker that comes late leaves nothing behind.
 */
export async function insertDraftPieces(db: Kysely<Database>, pieces: readonly DraftPiece[]): Promise<void> {
  await sql`
    insert into events (run_id, type, data)
    select s.run_id, 'text-delta', p.piece
    from jsonb_array_elements(${toJsonb(pieces)}::jsonb) with ordinality as p (piece, place)
    join steps s on s.id = (p.piece ->> 'step_id')::uuid and s.status = 'running'
    order by p.place`.execute(db);
}

/** Forgets pieces a dying worker left behind; `before` spares those whose turn may still be open. */
export async function deleteStrayDrafts(db: Kysely<Database>, before: Date): Promise<void> {
  await sql`
    delete from events e where e.type = 'text-delta' and e.created_at < ${before}
    and not exists (select 1 from steps s where s.id = (e.data ->> 'step_id')::uuid and s.status = 'running')`.execute(db);
}

/** What the open turns of a run have said, in the order it was said. */
export async function listDraftPieces(db: Kysely<Database>, runId: string): Promise<DraftPiece[]> {
  const rows = await db.selectFrom('events').select('data').where('run_id', '=', runId).where('type', '=', 'text-delta').orderBy('id').execute();
  return rows.map((row) => row.data as DraftPiece);
}
