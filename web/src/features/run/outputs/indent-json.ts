/** A JSON text indented for reading; undefined when it is none, when nothing would change, or when reading it would lose digits. */
export const indentJson = (text: string): string | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  // Read back and written tight it must be the same, but for spaces: a number beyond a double's digits would not be.
  const squeeze = (json: string): string => json.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, (_, literal: string | undefined) => literal ?? '');
  const numbersOf = (json: string): string[] => squeeze(json).match(/(?<=[[:,])-?\d[\d.eE+-]*/g) ?? [];
  const indented = JSON.stringify(value, null, 2);
  if (indented === text || numbersOf(indented).join() !== numbersOf(text).join()) return undefined;
  return indented;
};
