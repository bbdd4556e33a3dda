/** Text that stands for itself inside a LIKE pattern. */
export const toLikeText = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
