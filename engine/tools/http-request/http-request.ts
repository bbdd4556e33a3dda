import { STATUS_CODES } from 'node:http';
import { toSecretReference } from '../../../contracts/secrets.ts';
import { newId } from '../../../platform/ids.ts';
import { toMediaType, unknownMediaType } from '../../../platform/media-type.ts';
import { clip } from '../../../platform/shorten.ts';
import type { Json, Tool, ToolFile, ToolOutcome } from '../tool.ts';
import type { Resolve } from './address-guard.ts';
import { effectOfRequest, type HttpRequestArguments, httpRequestArgumentsSchema, isReading, methodOf, redirectsOf, secretNamesOf, urlOf } from './arguments.ts';
import { toBodyText } from './body-text.ts';
import { toDownloadName } from './download-name.ts';
import { type FollowedAnswer, maxTextBytes, sendAndFollow } from './follow.ts';
import type { HttpRequestSettings } from './settings.ts';

/** Headers of an answer worth the model's reading. */
const shownHeaders = ['content-type', 'content-length', 'content-disposition', 'content-language', 'content-range', 'location', 'etag', 'last-modified', 'retry-after', 'link', 'allow', 'www-authenticate', 'date'];

const toSize = (bytes: number): string => (bytes < 1_000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** Text stays in the output, anything else becomes a file of the run; a file that is not whole is of no use and is not kept. */
function toBody({ url, answer }: FollowedAnswer): { body: string; body_encoding: 'text' | 'file' | 'none'; isCut: boolean; file?: ToolFile } {
  const { bytes, headers, isTruncated } = answer;
  const contentType = headers['content-type'] ?? '';
  const isCut = isTruncated || bytes.length > maxTextBytes;
  const text = bytes.length === 0 ? '' : toBodyText(bytes.subarray(0, maxTextBytes), contentType, isCut);
  if (text !== undefined) return { body: text, body_encoding: 'text', isCut };
  if (isTruncated) return { body: '', body_encoding: 'none', isCut };
  const mediaType = toMediaType(contentType) ?? unknownMediaType;
  const name = toDownloadName({ disposition: headers['content-disposition'] ?? '', pathname: url.pathname, mediaType });
  return { body: '', body_encoding: 'file', isCut: false, file: { id: newId(), name, mediaType, bytes } };
}

function toOutcome(followed: FollowedAnswer): ToolOutcome {
  const { url, answer, redirectedFrom } = followed;
  const { status, headers, bodyTrouble } = answer;
  const { body, body_encoding, isCut, file } = toBody(followed);
  const bytes = Math.min(answer.bytes.length, body_encoding === 'text' ? maxTextBytes : Infinity);
  const output: Record<string, Json> = {
    url: url.href, status, headers: Object.fromEntries(shownHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))),
    body, body_encoding, bytes, truncated: isCut, redirected_from: redirectedFrom,
    ...(bodyTrouble === undefined ? {} : { body_trouble: bodyTrouble }),
    ...(file === undefined ? {} : { file: { id: file.id, name: file.name, media_type: file.mediaType, bytes } }),
  };
  const kept = file !== undefined ? `, as ${file.name}` : body_encoding === 'none' ? ', not text and too large or broken to keep' : isCut ? ', cut' : '';
  return { output, summary: `${[String(status), STATUS_CODES[status]].filter(Boolean).join(' ')}, ${toSize(bytes)}${kept}`, ...(file === undefined ? {} : { files: [file] }) };
}

/** A secret the model may name, and where it may go; never its value. */
export interface OfferedSecret {
  name: string;
  hosts: readonly string[];
  description: string;
}

const maxOffered = 30;
/** Without it a model would have to be told the names in its instructions. */
const toOffer = (secrets: readonly OfferedSecret[]): string =>
  secrets.length === 0 ? '' : ` There are ${secrets.slice(0, maxOffered).map(({ name, hosts, description }) => `${toSecretReference(name)} for ${hosts.join(', ')}${description === '' ? '' : ` (${description})`}`).join('; ')}${secrets.length > maxOffered ? '; …' : ''}.`;

/**
 * The tool that speaks HTTP. Output: `{url, status, headers, body, body_encoding, bytes, truncated, redirected_from, file?, body_trouble?}`;
 * an error status is an answer like any other. `body` is the text as it came, up to 5 MB, also of JSON: a second, parsed form would
 * cost a model twice and could not hold every number. Throws TOOL_REFUSED (a host that may not be asked, a secret that may not go
 * there), TOOL_UNAVAILABLE, TOOL_FAILED, TOOL_TIMEOUT, TOOL_NOT_CONFIGURED.
 */
export const createHttpRequestTool = (options: HttpRequestSettings & { resolve?: Resolve; secrets?: readonly OfferedSecret[] }): Tool<HttpRequestArguments> => ({
  name: 'http_request',
  description:
    'Sends one HTTP request to a host on the public internet and returns status, headers and body: text up to 5 MB, anything else as a file of the run. GET and HEAD follow redirects. ' +
    'Where a key is wanted, write {{secret:name}} in a header value, a query value or the body: its value is put in when the request is sent.' + toOffer(options.secrets ?? []),
  argumentsSchema: httpRequestArgumentsSchema,
  defaultRisk: 'MEDIUM',
  risk: (args) => (isReading(args) ? 'MEDIUM' : 'HIGH'),
  defaultEffect: 'external',
  effect: effectOfRequest,
  missingConfiguration: null,
  confirmsClaim: true,
  timeoutMs: 30_000,
  // What policies may know of address and headers stands in the facts, without what may be a secret.
  bodies: ['body', 'url', 'headers'],
  facts(args) {
    const url = urlOf(args);
    return {
      method: methodOf(args), protocol: url.protocol.slice(0, -1),
      // A trailing dot makes no other host, so it must not make another fact.
      host: url.hostname.replace(/\.+$/, ''), port: Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port),
      // Without the query, which may carry secrets.
      path: url.pathname.slice(0, 500), header_names: Object.keys(args.headers ?? {}).map((name) => name.toLowerCase()).toSorted(), body_length: args.body?.length ?? 0,
      secret_names: secretNamesOf(args), follows_redirects: redirectsOf(args) > 0, max_redirects: redirectsOf(args),
    };
  },
  effectSentence(args) {
    const url = urlOf(args);
    const place = `${url.host}${clip(url.pathname, 80)}`;
    const names = secretNamesOf(args);
    const secrets = names.length === 0 ? '' : ` with the ${names.length === 1 ? 'secret' : 'secrets'} ${names.join(', ')}`;
    if (isReading(args)) return `Read ${place}${secrets}`;
    const size = args.body === undefined ? '' : ` with ${toSize(Buffer.byteLength(args.body))}`;
    return `Send a ${methodOf(args)} request to ${place}${size}${size !== '' && secrets !== '' ? ` and${secrets.slice(' with'.length)}` : secrets}`;
  },
  execute: async (args, context) => toOutcome(await sendAndFollow(args, options, context)),
});
