const maxLength = 200;

/** Any text as a name `fileNameSchema` of contracts/run-files.ts takes: folders left out, the end kept (it says what the file is), `fallback` where nothing is left. */
export const toFileName = (text: string, fallback = 'file'): string => {
  const name = (text.toWellFormed().split(/[/\\]/).at(-1) ?? '').replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029<>:"|?*]+/gu, '_').trim();
  if (name === '' || name === '.' || name === '..') return fallback;
  if (name.length <= maxLength) return name;
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? '';
  // Not through the middle of a surrogate pair.
  return `${name.slice(0, maxLength - extension.length).replace(/[\uD800-\uDBFF]$/u, '')}${extension}`;
};
