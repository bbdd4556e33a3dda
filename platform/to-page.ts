import type { Page } from '../contracts/pagination.ts';
import { toPageCursor } from './page-cursor.ts';

/**
 * Makes a page of rows that were read with `limit + 1`: the one too many only tells that there is a next page.
 * `keyOf` gives what the next page begins after, from the last row shown.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  { limit, keyOf, toItem }: { limit: number; keyOf: (row: Row) => unknown; toItem: (row: Row) => Item },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next_cursor: rows.length > limit && last !== undefined ? toPageCursor(keyOf(last)) : null };
}
