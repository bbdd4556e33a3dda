import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { newId } from '../../platform/ids.ts';

/** A live policy of this text, as published; returns its id. It is in no set, so no call is judged by it. */
export async function addLivePolicy(db: Kysely<Database>, name: string, cedar: string): Promise<string> {
  const id = newId();
  await db.insertInto('policies').values({ id, name, live_version: 1, latest_version: 1, created_by: null, changed_by: null, draft_cedar: null, draft_based_on: null, draft_updated_by: null }).execute();
  await db.insertInto('policy_versions').values({ policy_id: id, version: 1, name, cedar, note: '', rolled_back_to: null, back_test_id: null, reason_without_back_test: null, created_by: null, created_by_name: 'Test' }).execute();
  return id;
}
