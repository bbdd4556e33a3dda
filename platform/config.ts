import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { type WorkerRole, workerRoles } from '../temporal/names.ts';

const optionalText = z.string().trim().transform((text) => (text === '' ? undefined : text)).optional();
const url = (...protocols: string[]) =>
  z.string().trim().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), `must be a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
const optionalUrl = (...protocols: string[]) => z.preprocess((value) => (value === '' ? undefined : value), url(...protocols).optional());
const list = z.string().default('').transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''));

/** Names the HTTP framework has for the private ranges of RFC 1918 and their like. */
const namedRanges = ['loopback', 'linklocal', 'uniquelocal'];
const isAddress = (part: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(part) || ipaddr.IPv4.isValidCIDRFourPartDecimal(part) || ipaddr.IPv6.isValid(part) || ipaddr.IPv6.isValidCIDR(part);
const addressList = list.refine((parts) => parts.every((part) => namedRanges.includes(part) || isAddress(part)), `must be addresses, ranges like 10.0.0.0/8, or ${namedRanges.join(', ')}`);

const dataSources = z
  .string()
  .default('')
  .transform((text, context) => {
    const sources: Record<string, string> = {};
    for (const part of text.split(/\s+/).filter((item) => item !== '')) {
      const match = /^([a-z][a-z0-9_]{0,62})=(postgres(?:ql)?:\/\/.+)$/.exec(part);
      if (match === null || !URL.canParse(match[2] as string)) {
        context.addIssue({ code: 'custom', message: 'must be name=postgres://… pairs separated by spaces' });
        return z.NEVER;
      }
      sources[match[1] as string] = match[2] as string;
    }
    return sources;
  });

const roleList = z.string().default('').transform((text, context): WorkerRole[] => {
  const names = text.split(/[\s,]+/).filter((part) => part !== '' && part !== 'all');
  const unknown = names.find((name) => !(workerRoles as readonly string[]).includes(name));
  if (unknown !== undefined) {
    context.addIssue({ code: 'custom', message: `"${unknown}" is no role; roles are ${workerRoles.join(', ')}` });
    return z.NEVER;
  }
  return names.length === 0 ? [...workerRoles] : (names as WorkerRole[]);
});

const environmentSchema = z.object({
  PORT: z.coerce.number('must be a number').int().min(0).max(65_535).default(8000),
  HOST: z.string().trim().min(1).default('127.0.0.1'),
  PUBLIC_URL: optionalUrl('http:', 'https:'),
  TRUSTED_PROXIES: addressList,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DATABASE_URL: url('postgres:', 'postgresql:'),
  DATABASE_MAX_CONNECTIONS: z.coerce.number('must be a number').int().min(1).max(200).default(10),
  TEMPORAL_ADDRESS: z.string().trim().regex(/^[^\s/]+:\d+$/, 'must be host:port'),
  TEMPORAL_NAMESPACE: z.string().trim().min(1).default('default'),
  TEMPORAL_UI_URL: optionalUrl('http:', 'https:'),
  TEMPORAL_TASK_QUEUE_PREFIX: z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,60}$/, 'must be letters, digits, dots, dashes').default('maestro'),
  TEMPORAL_TURNS_PER_HISTORY: z.coerce.number('must be a number').int().min(1).max(1_000).default(25),
  OPENAI_API_KEY: optionalText,
  OPENAI_BASE_URL: optionalUrl('http:', 'https:'),
  ANTHROPIC_API_KEY: optionalText,
  ANTHROPIC_BASE_URL: optionalUrl('http:', 'https:'),
  EMBEDDING_MODEL: optionalText,
  EMBEDDING_BASE_URL: optionalUrl('http:', 'https:'),
  EMBEDDING_API_KEY: optionalText,
  CHROMA_URL: optionalUrl('http:', 'https:'),
  SMTP_URL: optionalUrl('smtp:', 'smtps:'),
  /** Set by the embedded start: whoever listens at SMTP_URL delivers into this database, so its absence there is an answer. */
  SMTP_IS_OUTBOX: z.stringbool().default(false),
  SMTP_FROM: z.string().trim().min(3).default('Maestro <maestro@localhost>'),
  MAESTRO_DATA_SOURCES: dataSources,
  SEARXNG_URL: optionalUrl('http:', 'https:'),
  BRAVE_API_KEY: optionalText,
  PYODIDE_PACKAGES_DIR: optionalText.transform((path) => (path === undefined ? undefined : resolve(path))),
  TAVILY_API_KEY: optionalText,
  SERPER_API_KEY: optionalText,
  HTTP_TOOL_ALLOW_HOSTS: list,
  COMPANY_EMAIL_DOMAINS: list,
  /** Whether MCP servers may be programs started on the machines of worker and api: whoever may add a server then runs programs there. */
  MCP_STDIO: z.enum(['on', 'off'], 'must be on or off').default('off').transform((setting) => setting === 'on'),
  /** What policies know this installation by. */
  MAESTRO_ENVIRONMENT: z.string().trim().regex(/^[a-z0-9-]{1,40}$/, 'must be small letters, digits and -').default('development'),
  WORKER_ROLES: roleList,
  MAESTRO_DATA_DIR: z.string().trim().min(1).default('.maestro').transform((path) => resolve(path)),
  MAESTRO_JWT_SECRET: z.string().min(32, 'must have at least 32 characters'),
  MAESTRO_ENCRYPTION_KEY: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 32 bytes in hex'),
  MAESTRO_ADMIN_EMAIL: z.preprocess((value) => (value === '' ? undefined : value), z.email('must be an e-mail address').optional()),
  MAESTRO_ADMIN_PASSWORD: z.preprocess((value) => (value === '' ? undefined : value), z.string().min(12, 'must have at least 12 characters').optional()),
});

/** Every bad or missing setting at once; the message names settings and rules, never values. */
export class ConfigError extends Error {
  readonly problems: readonly { name: string; message: string }[];
  constructor(problems: readonly { name: string; message: string }[]) {
    super(`The configuration is not usable:\n${problems.map(({ name, message }) => `  ${name} ${message}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function toConfig(env: z.output<typeof environmentSchema>) {
  return {
    http: { port: env.PORT, host: env.HOST, publicUrl: env.PUBLIC_URL, trustedProxies: env.TRUSTED_PROXIES },
    logLevel: env.LOG_LEVEL,
    database: { url: env.DATABASE_URL, maxConnections: env.DATABASE_MAX_CONNECTIONS },
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, uiUrl: env.TEMPORAL_UI_URL, taskQueuePrefix: env.TEMPORAL_TASK_QUEUE_PREFIX, turnsPerHistory: env.TEMPORAL_TURNS_PER_HISTORY },
    llm: {
      openai: { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
      anthropic: { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
    },
    memory: {
      /** Undefined: the local lexical embedding. */
      embedding: env.EMBEDDING_MODEL === undefined ? undefined : { model: env.EMBEDDING_MODEL, baseUrl: env.EMBEDDING_BASE_URL ?? env.OPENAI_BASE_URL, apiKey: env.EMBEDDING_API_KEY ?? env.OPENAI_API_KEY },
      /** Undefined: pgvector. */
      chromaUrl: env.CHROMA_URL,
    },
    mail: { smtpUrl: env.SMTP_URL, isOutbox: env.SMTP_IS_OUTBOX, from: env.SMTP_FROM, companyDomains: env.COMPANY_EMAIL_DOMAINS },
    tools: {
      /** Connection strings by name of the data source. */
      dataSources: env.MAESTRO_DATA_SOURCES,
      httpAllowHosts: env.HTTP_TOOL_ALLOW_HOSTS,
      searxngUrl: env.SEARXNG_URL,
      braveApiKey: env.BRAVE_API_KEY,
      /** Folder with Python packages built for Pyodide. Undefined: programs have the standard library alone. */
      pyodidePackagesDir: env.PYODIDE_PACKAGES_DIR,
      tavilyApiKey: env.TAVILY_API_KEY,
      serperApiKey: env.SERPER_API_KEY,
      allowMcpStdio: env.MCP_STDIO,
    },
    environment: env.MAESTRO_ENVIRONMENT,
    worker: { roles: env.WORKER_ROLES },
    dataDir: env.MAESTRO_DATA_DIR,
    auth: { jwtSecret: env.MAESTRO_JWT_SECRET, encryptionKey: env.MAESTRO_ENCRYPTION_KEY, adminEmail: env.MAESTRO_ADMIN_EMAIL, adminPassword: env.MAESTRO_ADMIN_PASSWORD },
  } as const;
}

export type Config = ReturnType<typeof toConfig>;

/**
 * Reads the whole configuration once; the only reader of the environment in api and worker.
 * @throws ConfigError naming every missing or bad setting.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environmentSchema.safeParse(environment);
  if (parsed.success) return Object.freeze(toConfig(parsed.data));
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    return { name, message: environment[name] === undefined ? 'is missing' : issue.message };
  });
  throw new ConfigError([...new Map(problems.map((problem) => [problem.name, problem])).values()]);
}
