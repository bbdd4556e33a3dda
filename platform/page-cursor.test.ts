import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cursorTimeSchema, parsePageCursor, toPageCursor } from './page-cursor.ts';

const schema = z.strictObject({ id: z.uuid(), sequence: z.int().nonnegative() });
const place = { id: '019a0000-0000-7000-8000-000000000000', sequence: 42 };

describe('page cursor', () => {
  it('comes back as it was made, and no cursor is the first page', () => {
    expect(parsePageCursor(schema, toPageCursor(place))).toEqual(place);
    expect(parsePageCursor(schema, undefined)).toBeUndefined();
  });

  it.each(['', 'garbage', '%%%', toPageCursor(null), toPageCursor({ ...place, more: 1 }), toPageCursor({ ...place, sequence: -1 }), toPageCursor([place]), toPageCursor({ id: "' or 1=1", sequence: 1 })])(
    '%j is CURSOR_INVALID',
    (cursor) => {
      expect(() => parsePageCursor(schema, cursor)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
    },
  );

  it('takes moments as the database writes them, and none it cannot compare with', () => {
    expect(cursorTimeSchema.safeParse('2026-11-29T16:00:00.123456Z').success).toBe(true);
    for (const at of ['0000-01-01T00:00:00.000000Z', '2026-11-29T16:00:00.123Z', 'now()']) expect(cursorTimeSchema.safeParse(at).success).toBe(false);
  });
});
