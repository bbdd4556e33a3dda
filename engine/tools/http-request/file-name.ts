import { extname } from 'node:path';
import { fileNameSchema } from '../../../contracts/run-files.ts';

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf', 'application/zip': '.zip', 'application/gzip': '.gz', 'image/png': '.png', 'image/jpeg': '.jpg', 'image/gif': '.gif', 'image/webp': '.webp', 'audio/mpeg': '.mp3', 'video/mp4': '.mp4',
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name of a `content-disposition` header, its encoded form before the plain one. @see RFC 6266 */
function dispositionName(header: string): string | undefined {
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? plain;
}

/** One name of somebody else's making as one that is safe on a disk; undefined when nothing is left of it. */
function toSafeName(name: string): string | undefined {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const safe = last.replace(/[\p{Cc}\p{Cf}\u2028\u2029<>:"|?*]/gu, '_').trim().replace(/^\.+/, '');
  const extension = extname(safe).slice(0, 20);
  // Counted in UTF-16 units as the schema does, and never through a pair.
  const short = safe.length <= 200 ? safe : `${safe.slice(0, 200 - extension.length).replace(/[\uD800-\uDBFF]$/, '')}${extension}`;
  return fileNameSchema.safeParse(short).success ? short : undefined;
}

/** A name for a file that was fetched: what the answer calls it, else the end of its path, else `download`; always fits `fileNameSchema`. */
export function toFileName({ disposition, pathname, mediaType }: { disposition: string; pathname: string; mediaType: string }): string {
  const fromPath = decoded(pathname.split('/').at(-1) ?? '');
  const name = toSafeName(dispositionName(disposition) ?? '') ?? toSafeName(fromPath) ?? 'download';
  return extname(name) === '' ? `${name.slice(0, 190).replace(/[\uD800-\uDBFF]$/, '')}${extensions[mediaType] ?? ''}` : name;
}
