import type { Kysely } from 'kysely';
import type { Role } from '../../contracts/permissions.ts';
import type { Database } from '../../db/database.ts';
import { findSessionUser } from '../../db/repositories/sessions.repository.ts';

export interface SessionUser {
  userId: string;
  name: string;
  role: Role;
}

/** The longest a changed role, a disabled person or an ended session may go unnoticed by another api instance. */
const freshMs = 10_000;
const maxEntries = 5_000;

/** People behind sessions, read from the records and kept for some seconds; this instance's own changes show at once. */
export class SessionUsers {
  readonly #db: Kysely<Database>;
  readonly #now: () => number;
  readonly #entries = new Map<string, { user: SessionUser; readAt: number }>();
  /** Rises with every `forget`, so that a read that began before it is not kept after it. */
  #generation = 0;

  /** @param now milliseconds, default the wall clock. */
  constructor(db: Kysely<Database>, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  /** The person of a session; undefined when it ended or the person is disabled. */
  async find(sessionId: string): Promise<SessionUser | undefined> {
    const known = this.#entries.get(sessionId);
    if (known !== undefined && this.#now() - known.readAt < freshMs) return known.user;
    const generation = this.#generation;
    const readAt = this.#now();
    const row = await findSessionUser(this.#db, sessionId);
    this.#entries.delete(sessionId);
    if (row === undefined) return undefined;
    const user = { userId: row.id, name: row.name, role: row.role };
    if (generation === this.#generation) this.#entries.set(sessionId, { user, readAt });
    if (this.#entries.size > maxEntries) this.#entries.delete(this.#entries.keys().next().value as string);
    return user;
  }

  /** Reads everything anew after people or sessions changed. */
  forget(): void {
    this.#generation++;
    this.#entries.clear();
  }
}
