import { z } from 'zod';
import { AppError } from '../contracts/errors.ts';

/** A moment in a cursor, with the microseconds the database keeps. PostgreSQL knows no year 0. */
export const cursorTimeSchema = z.iso.datetime({ precision: 6 }).refine((at) => !at.startsWith('0000'));

/** Where the next page begins, as an opaque text for clients. */
export const toPageCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Reads a cursor back; undefined in, undefined out.
 * @param schema strict, and narrow enough that every value of it is safe to compare in SQL.
 * @throws AppError CURSOR_INVALID for anything this list did not make.
 */
export function parsePageCursor<Schema extends z.ZodType>(schema: Schema, cursor: string | undefined): z.output<Schema> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('CURSOR_INVALID', undefined, { cause });
  }
}
