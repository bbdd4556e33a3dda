/** 128 random bits in hex. By `getRandomValues`, since `randomUUID` is missing on pages served over plain HTTP. */
const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Keys for requests that must not happen twice: the same request gets the same key (a second press, a try after a lost answer),
 * a changed one gets a new key.
 */
export const createKeyring = (makeKey: () => string = newKey): ((request: unknown) => string) => {
  let last: { request: string; key: string } | undefined;
  return (request) => {
    const text = JSON.stringify(request);
    if (last?.request !== text) last = { request: text, key: makeKey() };
    return last.key;
  };
};
