import { toast } from 'sonner';
import type { z } from 'zod';

type Shape = Record<string, z.ZodType>;
type Parsed<S extends Shape> = { [Key in keyof S]?: z.output<S[Key]> };

/**
 * Makes a `validateSearch` for a route: each parameter is checked by itself, an unknown one is dropped, a bad one is left
 * out (its default holds) with a quiet notice. Never throws, so that no address gives a blank page.
 */
export const searchParams =
  <S extends Shape>(shape: S) =>
  (search: Record<string, unknown>): Parsed<S> => {
    const accepted: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(shape)) {
      const given = search[name];
      if (given === undefined) continue;
      // Said to be undefined and not merely left out: the router lays these over the address as it is, where the bad value still stands.
      accepted[name] = undefined;
      if (given === null || given === '') continue;
      const parsed = schema.safeParse(given);
      if (parsed.success) accepted[name] = parsed.data;
      // Later and under one id: the router checks an address more than once while it goes there.
      else queueMicrotask(() => toast.message(`“${name}” in the address was not understood and is left out.`, { id: `search-${name}` }));
    }
    return accepted as Parsed<S>;
  };
