import type { Config } from './config.ts';
import { decodePercents } from './decode-percents.ts';
import type { KnownSecret } from './secret-spellings.ts';

/** The parts of the configuration that hold secrets. */
export type SecretConfig = Pick<Config, 'llm' | 'memory' | 'mail' | 'tools' | 'database' | 'auth'>;

/**
 * The password of an address. One that is also another part of the address (`postgres://postgres:postgres@…`) hides nothing by itself
 * and would be found in every second text.
 */
export function passwordOf(label: string, value: string, url: string | null): KnownSecret {
  if (url === null || !URL.canParse(url)) return { label, value };
  const { username, hostname, pathname, protocol } = new URL(url);
  return { label, value, user: decodePercents(username), isGuessable: [decodePercents(username), hostname, decodePercents(pathname.slice(1)), protocol.slice(0, -1)].includes(value) };
}

/** The password an address carries, where it does. */
function passwordIn(label: string, url: string | undefined): KnownSecret[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  return password === '' ? [] : [passwordOf(label, decodePercents(password), url)];
}

/** A key of a model server or service. Local servers take any word (`ollama`, `not-needed`): such a word is no secret. */
export const keyAs = (label: string, value: string | undefined): KnownSecret[] => (value === undefined ? [] : [{ label, value, isGuessable: /^[a-z-]{1,12}$/i.test(value) }]);

/** Every secret of the configuration, as long as the process runs. */
export const listConfigSecrets = (config: SecretConfig): KnownSecret[] => [
  ...keyAs('[OPENAI_API_KEY]', config.llm.openai.apiKey),
  ...keyAs('[ANTHROPIC_API_KEY]', config.llm.anthropic.apiKey),
  ...keyAs('[EMBEDDING_API_KEY]', config.memory.embedding?.apiKey),
  ...passwordIn('[password of OPENAI_BASE_URL]', config.llm.openai.baseUrl),
  ...passwordIn('[password of ANTHROPIC_BASE_URL]', config.llm.anthropic.baseUrl),
  ...passwordIn('[password of EMBEDDING_BASE_URL]', config.memory.embedding?.baseUrl),
  ...passwordIn('[password of CHROMA_URL]', config.memory.chromaUrl),
  ...passwordIn('[password of SMTP_URL]', config.mail.smtpUrl),
  ...passwordIn('[password of SEARXNG_URL]', config.tools.searxngUrl),
  ...passwordIn('[password of DATABASE_URL]', config.database.url),
  ...Object.entries(config.tools.dataSources).flatMap(([name, url]) => passwordIn(`[password of data source ${name}]`, url)),
  // Keys of search services, by the name of their setting: `braveApiKey`.
  ...Object.entries(config.tools).flatMap(([name, value]) => (name.endsWith('ApiKey') && typeof value === 'string' ? keyAs(`[${name.slice(0, -'ApiKey'.length)} key]`, value) : [])),
  { label: '[MAESTRO_JWT_SECRET]', value: config.auth.jwtSecret },
  { label: '[MAESTRO_ENCRYPTION_KEY]', value: config.auth.encryptionKey },
  ...(config.auth.adminPassword === undefined ? [] : [{ label: '[MAESTRO_ADMIN_PASSWORD]', value: config.auth.adminPassword }]),
];
