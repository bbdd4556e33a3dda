import type { DeleteQueryBuilder, DeleteResult, OperationNodeSource, QueryCreator } from 'kysely';
import type { Database } from './database.ts';

/**
 * A write that may be carried out by itself, or beside others in one statement where a transaction writes several things at once: each
 * statement is a way there and back. Writes of one statement do not see each other, and no two of them may change the same row; foreign
 * keys are checked at its end.
 */
export type Beside = (db: QueryCreator<Database>) => OperationNodeSource & { execute(): Promise<unknown> };

/** A statement that carries out these writes besides its own. */
export const withBeside = (db: QueryCreator<Database>, beside: readonly Beside[]): QueryCreator<Database> =>
  // Any write will do: none of them gives the statement rows to read.
  beside.reduce((creator, write, index) => creator.with(`beside_${index}`, write as unknown as () => DeleteQueryBuilder<Database, 'events', DeleteResult>) as unknown as QueryCreator<Database>, db);
