/** Enough of a key to know it again: its last four characters, of a short one nothing. */
export const toKeyHint = (key: string): string => (key.length >= 12 ? `…${key.slice(-4)}` : '…');
