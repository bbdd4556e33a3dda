/** The first `max` characters of a text and an ellipsis, never half of a character; the text itself when it has no more. */
export const clip = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '').toWellFormed()}…` : text);

/** Text of somebody else as one line: white space and control characters become single spaces, and what is beyond `max` characters is clipped. */
export const toLine = (text: string, max: number): string => clip(text.toWellFormed().replaceAll(/[\p{Cc}\s]+/gu, ' ').trim(), max);
