import { AppError } from '../../../contracts/errors.ts';
import { type TableReference, toTableName } from './sql-guard.ts';

/** `orders` → `public.orders`: a pattern without a schema means the schema public. */
export const withSchema = (pattern: string): string => (pattern.includes('.') ? pattern : `public.${pattern}`);

const shownPatterns = 30;

/**
 * Refuses a query that names a table outside `readable` (null: everything). A name without a schema counts as one of public; that it is
 * one, the session checks. Views are taken at their word: what a view reads is its owner's decision, as always in PostgreSQL.
 * Throws TOOL_REFUSED, naming the table and what may be read.
 */
export function assertReadable(references: readonly TableReference[], readable: readonly string[] | null): void {
  if (readable === null) return;
  const patterns = new Set(readable.map(withSchema));
  for (const reference of references) {
    const schema = reference.schema ?? 'public';
    if (patterns.has(`${schema}.*`)) continue;
    // Patterns hold no dots in names, so a quoted "sales.orders" is no way to sales.orders.
    if (!reference.name.includes('.') && !schema.includes('.') && patterns.has(`${schema}.${reference.name}`)) continue;
    const shown = readable.slice(0, shownPatterns).join(', ');
    throw new AppError('TOOL_REFUSED', `The table ${toTableName(reference)} may not be read here. Readable: ${shown}${readable.length > shownPatterns ? ', …' : ''}. describe_data_source shows their columns.`);
  }
}
