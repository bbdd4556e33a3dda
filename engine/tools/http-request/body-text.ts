import { toMediaType } from '../../../platform/media-type.ts';

const textTypes = /^(text\/.*|application\/(json|xml|javascript|ecmascript|x-www-form-urlencoded|x-ndjson|graphql|yaml|x-yaml|toml|sql)|.+\+(json|xml|yaml))$/;
const binaryTypes = /^((image|audio|video|font)\/(?!.*\+xml$).*|application\/(pdf|zip|gzip|x-gzip|x-tar|x-7z-compressed|vnd\.rar|wasm|vnd\.openxmlformats-.*|vnd\.ms-.*|msword))$/;
/** Where HTML and XML themselves say how they are encoded; HTML looks no further than this many bytes. */
const prescannedBytes = 1_024;

export const isTextType = (contentType: string): boolean => textTypes.test(toMediaType(contentType) ?? '');

function charsetOf(bytes: Buffer, contentType: string): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const declared = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  if (declared !== undefined || !/html|xml/i.test(contentType)) return declared;
  return /<meta[^>]{1,200}?charset\s*=\s*["']?([\w.:-]+)|^\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w.:-]+)/i.exec(bytes.subarray(0, prescannedBytes).toString('latin1'))?.slice(1).find((name) => name !== undefined);
}

/** Undefined for a charset nobody knows, and for bytes that are none of it when `fatal`. A cut may go through a character: its half is left out. */
function decode(bytes: Buffer, charset: string, { fatal, isCut }: { fatal: boolean; isCut: boolean }): string | undefined {
  try {
    return new TextDecoder(charset, { fatal }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

/**
 * A body as text; undefined when it is not text. By its byte order mark, else by the charset of its type, else by what it says itself,
 * else UTF-8. A body whose type says nothing (or nothing true: NUL is in no text) is text when it is valid UTF-8.
 */
export function toBodyText(bytes: Buffer, contentType: string, isCut: boolean): string | undefined {
  if (binaryTypes.test(toMediaType(contentType) ?? '')) return undefined;
  const charset = charsetOf(bytes, contentType);
  const isText = isTextType(contentType) || charset !== undefined;
  const text = (charset === undefined ? undefined : decode(bytes, charset, { fatal: false, isCut })) ?? decode(bytes, 'utf-8', { fatal: !isText, isCut });
  return text?.includes('\0') === true ? undefined : text;
}
