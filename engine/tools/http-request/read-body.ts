import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../../../contracts/errors.ts';

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress,
};
/** More encodings than this one on top of the other are nobody's honest answer. */
const maxEncodings = 2;

/**
 * Reads a body up to `maxBytes` after decompression; what lies beyond is neither read nor unpacked. Throws TOOL_FAILED when the
 * encoding is unknown or broken.
 */
export async function readBody(body: Readable, contentEncoding: string, maxBytes: number): Promise<{ bytes: Buffer; isTruncated: boolean }> {
  const encodings = contentEncoding.toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > maxEncodings) throw new AppError('TOOL_FAILED', 'The answer is encoded too many times over.');
  const stages: Readable[] = [body];
  for (const name of encodings.toReversed()) {
    const decoder = decoders[name]?.();
    if (decoder === undefined) throw new AppError('TOOL_FAILED', `The answer is encoded as "${name.slice(0, 50)}", which cannot be read.`);
    const source = stages.at(-1) as Readable;
    source.on('error', (error) => decoder.destroy(error));
    stages.push(source.pipe(decoder));
  }
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stages.at(-1) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') === true || (error as NodeJS.ErrnoException).code?.startsWith('ERR_BROTLI') === true) {
      throw new AppError('TOOL_FAILED', 'The answer is compressed in a broken way.', { cause: error });
    }
    throw error;
  } finally {
    for (const stage of stages) {
      stage.on('error', () => {});
      stage.destroy();
    }
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isTruncated: size > maxBytes };
}

const textTypes = /^(text\/.*|application\/(json|xml|javascript|ecmascript|x-www-form-urlencoded|x-ndjson|graphql|yaml|x-yaml|toml|sql)|[^;]+\+(json|xml|yaml))$/;

/** A body as text where it is text (by its type, else by being valid UTF-8 without NUL), else as base64. */
export function toBodyText(bytes: Buffer, contentType: string, isTruncated: boolean): { body: string; body_encoding: 'text' | 'base64' } {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';').map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  const decode = (label: string, fatal: boolean): string | undefined => {
    try {
      // A cut may go through a character: `stream` leaves its half out.
      return new TextDecoder(label, { fatal }).decode(bytes, { stream: isTruncated });
    } catch {
      return undefined;
    }
  };
  if (textTypes.test(type)) return { body: (charset === undefined ? undefined : decode(charset, false)) ?? decode('utf-8', false) ?? '', body_encoding: 'text' };
  const text = type === '' || type === 'application/octet-stream' ? decode('utf-8', true) : undefined;
  if (text !== undefined && !text.includes('\0')) return { body: text, body_encoding: 'text' };
  return { body: bytes.toString('base64'), body_encoding: 'base64' };
}
