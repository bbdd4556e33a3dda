import type { Payload, PayloadCodec } from '@temporalio/common';

const nothing: Payload = { metadata: { encoding: Buffer.from('binary/null') } };

/** Whether Temporal's own converter makes something of it; what it does not is an error inside the workflow. */
function isReadable({ metadata, data }: Payload): boolean {
  const encoding = Buffer.from(metadata?.['encoding'] ?? []).toString();
  if (encoding !== 'json/plain') return encoding === 'binary/null' || (encoding === 'binary/plain' && data != null);
  try {
    JSON.parse(Buffer.from(data ?? []).toString());
    return true;
  } catch {
    return false;
  }
}

/**
 * Lets a workflow read what nobody can read as nothing. A signal of the Temporal CLI may come in any encoding, and one that is not
 * understood would stop its workflow's task, again and again, for good.
 */
export const tolerantCodec: PayloadCodec = {
  encode: async (payloads) => payloads,
  decode: async (payloads) => payloads.map((payload) => (isReadable(payload) ? payload : nothing)),
};
