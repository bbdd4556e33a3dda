import { extname } from 'node:path';
import { decodePercents } from '../../../platform/decode-percents.ts';
import { toFileName } from '../../../platform/file-name.ts';

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf', 'application/zip': '.zip', 'application/gzip': '.gz', 'image/png': '.png', 'image/jpeg': '.jpg', 'image/gif': '.gif', 'image/webp': '.webp', 'audio/mpeg': '.mp3', 'video/mp4': '.mp4',
};

/** The name of a `content-disposition` header, its encoded form before the plain one. @see RFC 6266 */
function dispositionName(header: string): string | undefined {
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decodePercents(encoded);
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? plain;
}

/** Undefined when nothing is left of it. Dots at the start would hide the file on a disk. */
const toSafeName = (name: string): string | undefined => toFileName((name.split(/[/\\]/).at(-1) ?? '').replace(/^[\s.]+/, ''), '') || undefined;

/** A name for a file that was fetched: what the answer calls it, else the end of its path, else `download`; always fits `fileNameSchema`. */
export function toDownloadName({ disposition, pathname, mediaType }: { disposition: string; pathname: string; mediaType: string }): string {
  const fromPath = decodePercents(pathname.split('/').at(-1) ?? '');
  const name = toSafeName(dispositionName(disposition) ?? '') ?? toSafeName(fromPath) ?? 'download';
  return extname(name) === '' ? toFileName(`${name}${extensions[mediaType] ?? ''}`) : name;
}
