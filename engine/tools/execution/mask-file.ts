import type { Secrets } from '../../secrets/index.ts';
import type { ToolFile } from '../tool.ts';

/** Bytes as text that turns back into the same bytes: UTF-8 where it is that, else one character per byte. */
const toText = (bytes: Uint8Array): { text: string; encoding: 'utf8' | 'latin1' } => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return text.includes('\uFFFD') ? { text: buffer.toString('latin1'), encoding: 'latin1' } : { text, encoding: 'utf8' };
};

/** The file without any secret, name and content; the very same bytes where there is none. A damaged image is better than a lost key. */
export async function maskFile(secrets: Pick<Secrets, 'mask'>, file: ToolFile): Promise<ToolFile> {
  const name = await secrets.mask(file.name);
  const { text, encoding } = toText(file.bytes);
  const maskedText = await secrets.mask(text);
  return maskedText === text ? { ...file, name } : { ...file, name, bytes: Buffer.from(maskedText, encoding) };
}
