/** Largest price of the contract in dollars per million tokens. */
export const largestDollars = 1_000_000;

/**
 * Dollars as typed, in micro-dollars, exactly: the digits are moved and never multiplied as a fraction, which would turn 1.1 into
 * 1100000.0000000002. Spaces group, a comma groups thousands or stands for the point. Undefined: no such amount, or finer than a
 * millionth.
 */
export const dollarsToMicroUsd = (text: string): number | undefined => {
  const plain = text.replaceAll(/[\s\u202f_]/g, '').replace(/^\$/, '');
  const pointed = /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(',', '') : plain.replace(/^(\d*),(\d+)$/, '$1.$2');
  const [, whole = '', fraction = ''] = /^(\d*)\.?(\d*)$/.exec(pointed) ?? [];
  if (whole + fraction === '' || fraction.replace(/0+$/, '').length > 6) return undefined;
  const micro = Number(whole.padStart(1, '0') + fraction.slice(0, 6).padEnd(6, '0'));
  return micro <= largestDollars * 1_000_000 ? micro : undefined;
};

/** Micro-dollars as plain dollars with every digit that counts and at least two decimals: 75000 → `0.075`. */
export const microUsdToDollars = (micro: number): string => {
  const digits = String(micro).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6).replace(/0{1,4}$/, '')}`;
};
