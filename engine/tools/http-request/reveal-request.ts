import { AppError } from '../../../contracts/errors.ts';
import { replaceSecretReferences, secretNamesIn, toSecretReference } from '../../../contracts/secrets.ts';
import type { ToolCallContext } from '../tool.ts';

export interface PlainRequest {
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface RevealedRequest extends PlainRequest {
  /** The values that are in it now, so that nobody passes them on. */
  values: string[];
}

const oneLineOfAscii = /^[\t\x20-\x7E]*$/;

/**
 * A request with each reference in its header values, query and body replaced by the secret: the last step before it is sent to its
 * URL. Values are percent-encoded in the query and verbatim elsewhere. `isOwnUrl` false: the address is the other side's words, and
 * references in it are only text. Throws what `revealSecrets` throws, and TOOL_NOT_CONFIGURED for a secret no header can carry.
 */
export async function revealRequest({ url, headers, body }: PlainRequest, isOwnUrl: boolean, revealSecrets: ToolCallContext['revealSecrets']): Promise<RevealedRequest> {
  const query = isOwnUrl ? url.search : '';
  const values = new Map<string, string>();
  for (const name of secretNamesIn([query, ...Object.values(headers), body ?? ''].join('\n'))) values.set(name, await revealSecrets(toSecretReference(name), url));
  if (values.size === 0) return { url, headers, body, values: [] };
  const valueOf = (name: string): string => values.get(name) ?? '';
  const revealedUrl = new URL(url);
  if (isOwnUrl) revealedUrl.search = replaceSecretReferences(query, (name) => encodeURIComponent(valueOf(name)));
  const revealedHeaders = Object.fromEntries(Object.entries(headers).map(([header, text]) => {
    const revealed = replaceSecretReferences(text, valueOf);
    if (!oneLineOfAscii.test(revealed)) throw new AppError('TOOL_NOT_CONFIGURED', `The secret ${secretNamesIn(text).join(', ')} is not one line of plain ASCII, so the header "${header}" cannot carry it; an admin has to look at it.`, { details: { not_sent: true } });
    return [header, revealed];
  }));
  return { url: revealedUrl, headers: revealedHeaders, body: body === undefined ? undefined : replaceSecretReferences(body, valueOf), values: [...values.values()] };
}
