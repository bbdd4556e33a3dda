import type { Readable } from 'node:stream';
import { z } from 'zod';
import { createLineSplitter } from '../../../platform/split-lines.ts';

const programErrorSchema = z.strictObject({ type: z.string(), message: z.string(), traceback: z.string() });
export type PythonError = z.infer<typeof programErrorSchema>;

const printedBytesSchema = z.strictObject({ stdout: z.number(), stderr: z.number() });
/** What a sandbox process tells: in this order, except that a crash may come at any time. */
const frameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  /** Packages are loaded; the program's time begins. */
  z.strictObject({ type: z.literal('started') }),
  z.strictObject({ type: z.literal('printed'), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.strictObject({ type: z.literal('flood') }),
  z.strictObject({ type: z.literal('file'), name: z.string(), base64: z.string() }),
  z.strictObject({ type: z.literal('crash'), message: z.string(), printed_bytes: printedBytesSchema.optional() }),
  z.strictObject({ type: z.literal('done'), answer: z.string(), refused_files: z.array(z.string()), printed_bytes: printedBytesSchema }),
]);
export type Frame = z.infer<typeof frameSchema>;

const answerSchema = z.strictObject({ result_json: z.string().nullable(), result_note: z.string().nullable(), figures_note: z.string().nullable(), error: programErrorSchema.nullable() });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What the program's own thread says of its end; undefined when it is not that. */
export const parseAnswer = (text: string): z.infer<typeof answerSchema> | undefined => answerSchema.safeParse(parseJson(text)).data;

/** Splits a stream into lines and passes on those that carry the nonce; noise around them is dropped. */
export const readFrames = (stream: Readable, nonce: string, maxBytes: number, onFrame: (frame: Frame) => void, onExcess: () => void): void => {
  let received = 0;
  const lines = createLineSplitter((bytes) => {
    const line = bytes.toString('utf8');
    const at = line.indexOf(nonce);
    if (at === -1) return;
    const frame = frameSchema.safeParse(parseJson(line.slice(at + nonce.length)));
    if (frame.success) onFrame(frame.data);
  });
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > maxBytes) {
      lines.drop();
      onExcess();
      return;
    }
    lines.push(chunk);
  });
};
