import { replaceSecretReferences } from '@contracts/secrets.ts';

/** Stands in no text anybody writes: made anew in each page. */
const mark = `\u0000${crypto.randomUUID()}\u0000`;

/** A piece of a text that may refer to secrets by name: plain, or the place one of them takes. */
export type SecretPiece = { kind: 'text'; text: string } | { kind: 'secret'; name: string };

/** Splits a text at its references to secrets. */
export const toSecretPieces = (text: string): SecretPiece[] => {
  const names: string[] = [];
  const parts = replaceSecretReferences(text, (name) => {
    names.push(name);
    return mark;
  }).split(mark);
  return parts.flatMap((part, index): SecretPiece[] => [
    ...(part === '' ? [] : [{ kind: 'text' as const, text: part }]),
    ...(index < names.length ? [{ kind: 'secret' as const, name: names[index] as string }] : []),
  ]);
};
