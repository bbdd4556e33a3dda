import type { Response } from 'express';
import { toFileName } from '../platform/file-name.ts';

/** Types a browser and the programs behind it show without running anything; whatever else a file says it is, it is only bytes. */
const harmlessTypes = new Set([
  'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'text/plain', 'text/csv', 'application/json', 'application/pdf', 'application/zip',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/vnd.apache.parquet',
]);

/**
 * Answers with a file somebody else made: always as a download under a harmless type, never as a page of this origin. `name` and
 * `mediaType` are untrusted.
 */
export function sendFile(response: Response, file: { name: string; mediaType: string; bytes: Uint8Array }): void {
  const type = file.mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  response.attachment(toFileName(file.name));
  // After the name, from whose end Express would guess a type; not by `set`, which would guess a charset.
  response.setHeader('content-type', harmlessTypes.has(type) ? type : 'application/octet-stream');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('content-security-policy', "default-src 'none'; sandbox");
  response.setHeader('content-length', file.bytes.byteLength);
  response.end(file.bytes);
}
