import { z } from 'zod';
import { replaceSecretReferences, secretNamesIn, toSecretReference } from '../../../contracts/secrets.ts';
import type { ToolEffect } from '../../../contracts/tools.ts';
import { decodePercents } from '../../../platform/decode-percents.ts';

/** Redirects a reading request follows unless it asks for fewer. */
export const maxRedirects = 5;
export const maxUrlLength = 4_000;

const effectOf = { GET: 'none', HEAD: 'none', PUT: 'idempotent', DELETE: 'idempotent', POST: 'external', PATCH: 'external' } as const satisfies Record<string, ToolEffect>;
const methods = Object.keys(effectOf) as [keyof typeof effectOf, ...(keyof typeof effectOf)[]];

/** What a model may set. Host, lengths, connection, proxies and cookies are the client's business; unknown names may mean something to a gateway. */
const settableHeaders = new Set([
  'accept', 'accept-language', 'accept-version', 'api-key', 'apikey', 'authorization', 'content-type', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'notion-version', 'prefer',
  'private-token', 'range', 'x-api-key', 'x-auth-token', 'x-github-api-version', 'x-goog-api-key',
]);

/** Why a text is no URL to ask, as the end of a sentence that begins with it; undefined when it is one. */
export function problemOfUrl(text: string): string | undefined {
  if (text.length > maxUrlLength) return `is longer than ${maxUrlLength} characters`;
  // Parsers drop or turn these round: what people read would not be what is asked.
  if (/[\\\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)) return 'must not contain backslashes, line breaks or characters that cannot be seen';
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must start with http:// or https://';
  if (url.username !== '' || url.password !== '') return 'must not contain credentials';
  return undefined;
}

/** Only a value of the query: elsewhere a secret would decide where a request goes, or show up in places that are read by everybody. */
const hasMisplacedSecret = (text: string): boolean => {
  const url = new URL(plainReferences(text));
  const keys = [...url.searchParams.keys()].join('\n');
  return secretNamesIn(decodePercents(`${url.host}${url.pathname}${url.hash}\n${keys}`)).length > 0;
};

/** References without spaces in them, which an address would encode and nobody would recognise afterwards. */
const plainReferences = (text: string): string => replaceSecretReferences(text, toSecretReference);

const urlSchema = z.string().min(1).max(maxUrlLength).superRefine((text, context) => {
  const problem = problemOfUrl(text) ?? (hasMisplacedSecret(text) ? 'may have {{secret:…}} only as a value of its query' : undefined);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export const httpRequestArgumentsSchema = z
  .strictObject({
    method: z.enum(methods).optional().describe('Default GET.'),
    url: urlSchema,
    headers: z.record(z.string().max(100), z.string().max(8_000).regex(/^[\t\x20-\x7E]*$/, 'must be one line of plain ASCII')).optional().describe(`Only these: ${[...settableHeaders].join(', ')}.`),
    body: z.string().max(200_000).optional(),
    max_redirects: z.int().min(0).max(maxRedirects).optional().describe(`How many redirects GET and HEAD follow, default ${maxRedirects}; 0 gives you the redirect itself.`),
  })
  .superRefine(({ method, headers, body }, context) => {
    const names = Object.keys(headers ?? {}).map((name) => name.toLowerCase());
    for (const name of names) if (!settableHeaders.has(name)) context.addIssue({ code: 'custom', path: ['headers'], message: `the header "${name}" cannot be set` });
    if (new Set(names).size !== names.length) context.addIssue({ code: 'custom', path: ['headers'], message: 'a header is given twice' });
    if (body !== undefined && effectOf[method ?? 'GET'] === 'none') context.addIssue({ code: 'custom', path: ['body'], message: 'GET and HEAD have no body' });
  });
export type HttpRequestArguments = z.infer<typeof httpRequestArgumentsSchema>;

export const methodOf = ({ method }: HttpRequestArguments) => method ?? 'GET';
export const effectOfRequest = (args: HttpRequestArguments): ToolEffect => effectOf[methodOf(args)];
export const isReading = (args: HttpRequestArguments): boolean => effectOfRequest(args) === 'none';
/** The address asked for, references to secrets in it as they were written. */
export const urlOf = ({ url }: HttpRequestArguments): URL => new URL(plainReferences(url));
/** Redirects that will be followed at most; what changes something follows none, for it was approved for one place. */
export const redirectsOf = (args: HttpRequestArguments): number => (isReading(args) ? (args.max_redirects ?? maxRedirects) : 0);
/** Names of all secrets the request refers to. */
export const secretNamesOf = (args: HttpRequestArguments): string[] => secretNamesIn([urlOf(args).search, ...Object.values(args.headers ?? {}), args.body ?? ''].join('\n')).toSorted();
