/** PostgreSQL stores neither NUL nor lone surrogates; both become U+FFFD, visibly, instead of failing the write. */
export const toStorableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');

/** JSON text for a jsonb column, with every string and key made storable. */
export const toJsonb = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'string') return toStorableText(member);
    if (member !== null && typeof member === 'object' && !Array.isArray(member) && Object.keys(member).some((key) => toStorableText(key) !== key)) {
      return Object.fromEntries(Object.entries(member).map(([key, inner]) => [toStorableText(key), inner]));
    }
    return member;
  });
