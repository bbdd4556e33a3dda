/** The lines of a text that say something, without spaces at their ends. */
export const toLines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** Whether two lists hold the same in the same order. */
export const isSameList = (a: readonly string[] | null, b: readonly string[] | null): boolean => JSON.stringify(a) === JSON.stringify(b);
