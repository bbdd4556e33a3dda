import type { Readable, Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { AppError } from '../../../contracts/errors.ts';

/** 8 MB, what a sender may ask of a reader at most; zlib's own bound is sixteen times that. @see RFC 9659 */
const maxZstdWindowLog = 23;
const decoders: Record<string, () => Transform> = {
  gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress, zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: maxZstdWindowLog } }),
};
/** Asked for. `deflate` is not: servers disagree about what it means. */
export const acceptedEncodings = 'gzip, br, zstd';
/** More encodings than this one on top of the other are nobody's honest answer. */
const maxEncodings = 2;

export interface ReadBody {
  bytes: Buffer;
  isTruncated: boolean;
  /** Why it broke off; what came before is in `bytes`. */
  failure: unknown;
}

/** The body and the decoders behind it, in the order bytes go through them. Throws TOOL_FAILED for encodings that cannot be read. */
function toStages(body: Readable, contentEncoding: string): Readable[] {
  const encodings = contentEncoding.toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > maxEncodings) throw new AppError('TOOL_FAILED', 'The answer is encoded too many times over.');
  const stages: Readable[] = [body];
  for (const name of encodings.toReversed()) {
    const decoder = Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
    if (decoder === undefined) throw new AppError('TOOL_FAILED', `The answer is encoded as "${name.slice(0, 50)}", which cannot be read.`);
    const source = stages.at(-1) as Readable;
    source.on('error', (error) => decoder.destroy(error));
    stages.push(source.pipe(decoder));
  }
  return stages;
}

const isDecoderTrouble = (error: unknown): boolean => /^(Z_|ERR_BROTLI|ERR__?ERROR|ERR_ZSTD|ZSTD_)/.test(String((error as NodeJS.ErrnoException).code ?? ''));

/** Reads a body up to `maxBytes` after decompression; what lies beyond is neither read nor unpacked. Never rejects: see `failure`. */
export async function readBody(body: Readable, contentEncoding: string, maxBytes: number): Promise<ReadBody> {
  let stages: Readable[] = [body];
  const chunks: Buffer[] = [];
  let size = 0;
  let failure: unknown;
  try {
    stages = toStages(body, contentEncoding);
    for await (const chunk of stages.at(-1) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  } catch (error) {
    failure = isDecoderTrouble(error) ? new AppError('TOOL_FAILED', 'The answer is compressed in a broken way.', { cause: error }) : error;
  } finally {
    for (const stage of stages) {
      stage.on('error', () => {});
      stage.destroy();
    }
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isTruncated: size > maxBytes || failure !== undefined, failure };
}
