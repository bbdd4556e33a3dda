/** A part of an address with its percent escapes read; as it is where they are none. */
export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
