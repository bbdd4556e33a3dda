import { z } from 'zod';

export const defaultPageSize = 50;
export const maxPageSize = 200;

/** Query of every list: an opaque cursor from the answer before, and how many items (1 to 200, default 50). */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(defaultPageSize),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** The answer of every list; `next_cursor` is null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });

export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

/** A query value that may be given once or several times, or comma separated: `?status=failed,timed_out`. */
export const listParameter = <Value extends z.ZodType<string, string>>(value: Value) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) => (Array.isArray(given) ? given : given.split(',')).filter((part) => part !== ''))
    .pipe(z.array(value));

/** ISO 8601 in UTC with milliseconds, as every time on the wire. */
export const timestampSchema = z.iso.datetime();
