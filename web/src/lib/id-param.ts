import { idSchema } from '@contracts/ids.ts';

/**
 * The `params` of a route that has an id as parameter: in small letters, as the api writes ids, so that query keys, selections and events are compared
 * with what is the same. What is no id stays as it is, for the page to say so.
 */
export const idParam = <Name extends string>(name: Name) => ({
  parse: (params: Record<Name, string>): Record<Name, string> => ({ ...params, [name]: idSchema.safeParse(params[name]).data ?? params[name] }),
});
