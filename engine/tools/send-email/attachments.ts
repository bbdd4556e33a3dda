import { createHash } from 'node:crypto';
import { AppError } from '../../../contracts/errors.ts';
import { maxRunFileBytes } from '../../../contracts/run-files.ts';
import { toFileName } from '../../../platform/file-name.ts';
import { toMediaType, unknownMediaType } from '../../../platform/media-type.ts';
import type { ToolCallContext } from '../tool.ts';
import type { SendEmailArguments } from './arguments.ts';

/** Bytes of all attachments of one message; encoded they are a third more, and servers commonly stop at 25 to 35 MB. */
const maxTotalBytes = 20_000_000;

/** A file on its way out. */
export interface Attachment {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
  /** Hex. */
  sha256: string;
}

/**
 * The type as it is told to the recipients. A file's type may come from anywhere; one that has parts of its own would let the file take
 * part in the structure of the message.
 */
const toToldType = (mediaType: string): string => {
  const type = toMediaType(mediaType);
  if (type === undefined || /^(multipart|message)\//.test(type)) return unknownMediaType;
  const charset = /;\s*charset="?([a-z0-9_-]{1,40})"?\s*(?:;|$)/i.exec(mediaType)?.[1];
  return charset === undefined ? type : `${type}; charset=${charset}`;
};

const inMegabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const refuse = (message: string): never => {
  throw new AppError('TOOL_INPUT_INVALID', message, { details: { not_sent: true } });
};

/** The files of the run a message brings along. Throws TOOL_INPUT_INVALID for one that is not there and for too much of them. */
export async function readAttachments(wanted: SendEmailArguments['attachments'], context: Pick<ToolCallContext, 'readFile'>): Promise<Attachment[]> {
  const attachments: Attachment[] = [];
  let totalBytes = 0;
  for (const { file: id, name } of wanted ?? []) {
    const file = await context.readFile(id);
    const { byteLength } = file.bytes;
    if (byteLength > maxRunFileBytes) refuse(`The file ${file.name} has ${inMegabytes(byteLength)}; an attachment may have ${inMegabytes(maxRunFileBytes)}.`);
    totalBytes += byteLength;
    if (totalBytes > maxTotalBytes) refuse(`The attachments have more than ${inMegabytes(maxTotalBytes)} together; attach fewer or smaller files.`);
    // Runs of spaces do not survive the folding of a header everywhere.
    attachments.push({ name: toFileName(name ?? file.name).replaceAll(/\s+/gu, ' '), mediaType: toToldType(file.mediaType), bytes: file.bytes, sha256: createHash('sha256').update(file.bytes).digest('hex') });
  }
  return attachments;
}
