import { type RawBuilder, sql } from 'kysely';

/**
 * A timestamp as ISO text in UTC with all six digits the database keeps. A Date has three, and a page that began at a
 * rounded time would skip or repeat rows.
 * @param column its name, with the table's when needed.
 */
export const microsecondText = (column: string): RawBuilder<string> =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
