/**
 * Whether a value was refused because PostgreSQL cannot hold its text (a NUL, broken UTF-8): bad input, not a bug.
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export const isUnstorable = (error: unknown): boolean => error instanceof Error && ['22021', '22P05'].includes(String((error as { code?: unknown }).code));
