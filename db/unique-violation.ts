/** Whether a statement failed because this unique index holds the value already. @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
export const isUniqueViolation = (error: unknown, constraint: string): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === '23505' && (error as { constraint?: unknown }).constraint === constraint;
