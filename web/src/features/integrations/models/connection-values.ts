import { type Connection, type ConnectionApi, type CreateConnectionBody, createConnectionBodySchema, type TestConnectionBody, type UpdateConnectionBody } from '@contracts/connections.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import { parseTypedNumber } from '@/components/limits/limit-values.ts';
import type { SecretChange } from '../forms/use-secret-input.ts';

/** A connection as its form holds it: what was typed. The key is not among it: it stays in its input until it is sent. */
export type ConnectionValues = {
  name: string;
  api: ConnectionApi;
  /** Empty: the provider's own address. */
  base_url: string;
  /** Empty: no limit of ours. */
  requests_per_minute: string;
  tokens_per_minute: string;
  is_enabled: boolean;
};

export const emptyConnectionValues: ConnectionValues = { name: '', api: 'openai', base_url: '', requests_per_minute: '', tokens_per_minute: '', is_enabled: true };

export const toConnectionValues = (connection: Connection): ConnectionValues => ({
  name: connection.name,
  api: connection.api === 'anthropic' ? 'anthropic' : 'openai',
  base_url: connection.base_url ?? '',
  requests_per_minute: connection.limits.requests_per_minute === null ? '' : String(connection.limits.requests_per_minute),
  tokens_per_minute: connection.limits.tokens_per_minute === null ? '' : String(connection.limits.tokens_per_minute),
  is_enabled: connection.is_enabled,
});

const ownAddresses: Record<ConnectionApi, string> = { openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com' };

/** Whether a typed address is another server than the stored one: its key stays behind, since it was given for that one alone. */
export const isOtherServer = (values: Pick<ConnectionValues, 'api' | 'base_url'>, base: Pick<Connection, 'base_url'>): boolean => {
  const [typed, stored] = [values.base_url.trim(), base.base_url ?? ''].map((address) => (address === '' ? ownAddresses[values.api] : address));
  return URL.canParse(typed ?? '') && URL.canParse(stored ?? '') && new URL(typed ?? '').origin !== new URL(stored ?? '').origin;
};

/** The fields in the order of the form. */
export const connectionFields = ['name', 'api', 'base_url', 'api_key', 'requests_per_minute', 'tokens_per_minute', 'is_enabled'] as const;
export type ConnectionField = (typeof connectionFields)[number];

export const connectionLabels: Record<ConnectionField, string> = {
  name: 'Name', api: 'API', base_url: 'Base URL', api_key: 'Key', requests_per_minute: 'Requests per minute', tokens_per_minute: 'Tokens per minute', is_enabled: 'Switched on',
};

/** The field an issue of the api is about; undefined: none of this form. */
export const toConnectionField = (path: string): ConnectionField | undefined => connectionFields.find((field) => field === path.replace(/^limits\./, ''));

const bounds: Partial<Record<ConnectionField, string>> = {
  requests_per_minute: 'Requests per minute: a whole number from 1 to 1 000 000, or empty.',
  tokens_per_minute: 'Tokens per minute: a whole number from 100 to 1 000 000 000, or empty.',
};

const optionalNumber = (text: string): number | null => (text.trim() === '' ? null : parseTypedNumber(text));
const optionalText = (text: string): string | null => (text.trim() === '' ? null : text.trim());
const keyOf = (change: SecretChange): string | null => (change.kind === 'replace' ? optionalText(change.value) : null);

/** The body that makes the connection, or what is wrong with which field. */
export const toCreateBody = (values: ConnectionValues, key: SecretChange): { body: CreateConnectionBody; issues: FieldIssue[] } => {
  const body: CreateConnectionBody = {
    name: values.name.trim(), api: values.api, base_url: optionalText(values.base_url), api_key: keyOf(key),
    limits: { requests_per_minute: optionalNumber(values.requests_per_minute), tokens_per_minute: optionalNumber(values.tokens_per_minute) },
    is_enabled: values.is_enabled,
  };
  const parsed = createConnectionBodySchema.safeParse(body);
  const issues = parsed.success ? [] : parsed.error.issues.map(({ path, message }): FieldIssue => {
    const field = toConnectionField(path.join('.'));
    return { path: field ?? path.join('.'), message: (field === undefined ? undefined : bounds[field]) ?? message };
  });
  // One sentence for each field, in the order of the form.
  return { body, issues: connectionFields.flatMap((field) => issues.find(({ path }) => path === field) ?? []) };
};

/** What an edit changes, against the version that was opened; undefined when nothing. The language a connection speaks never changes. */
export const toUpdateBody = (values: ConnectionValues, key: SecretChange, base: Connection): UpdateConnectionBody | undefined => {
  const { body } = toCreateBody(values, key);
  const changes: Omit<UpdateConnectionBody, 'version'> = {
    ...(body.name === base.name ? {} : { name: body.name }),
    ...(body.base_url === base.base_url ? {} : { base_url: body.base_url }),
    ...(key.kind === 'keep' || (key.kind === 'replace' && body.api_key === null) ? {} : { api_key: body.api_key }),
    ...(body.limits.requests_per_minute === base.limits.requests_per_minute && body.limits.tokens_per_minute === base.limits.tokens_per_minute ? {} : { limits: body.limits }),
    ...(body.is_enabled === base.is_enabled ? {} : { is_enabled: body.is_enabled }),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...changes, version: base.version };
};

/** The body that tests what is typed. A key that is kept is not known here: the server uses the stored one. */
export const toTestBody = (values: ConnectionValues, key: SecretChange, { id, model = '' }: { id?: string | undefined; model?: string } = {}): TestConnectionBody => ({
  api: values.api,
  base_url: optionalText(values.base_url),
  ...(key.kind === 'keep' || (key.kind === 'replace' && id !== undefined && keyOf(key) === null) ? {} : { api_key: keyOf(key) }),
  ...(id === undefined ? {} : { connection_id: id }),
  ...(model.trim() === '' ? {} : { model: model.trim() }),
});
