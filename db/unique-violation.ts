/** Whether a statement failed because this unique index holds the value already. @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
export const isUniqueViolation = (error: unknown, constraint: string): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === '23505' && (error as { constraint?: unknown }).constraint === constraint;

/** Does the work; where a unique index holds a value already, throws what `toError` gives for that index. */
export async function refusingDuplicates<Result>(toError: Readonly<Record<string, (cause: unknown) => Error>>, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw Object.entries(toError).find(([constraint]) => isUniqueViolation(error, constraint))?.[1](error) ?? error;
  }
}
