import type { FieldIssue } from '@contracts/errors.ts';
import { type CreateMcpServerBody, createMcpServerBodySchema, type McpServer, type McpTransport, type UpdateMcpServerBody } from '@contracts/mcp-servers.ts';
import { parseTypedNumber } from '@/components/limits/limit-values.ts';

/** An MCP server as its form holds it: of both transports, so that a change of mind loses nothing. */
export type McpValues = {
  name: string;
  slug: string;
  transport: string;
  command: string;
  /** One argument a line, see {@link toArgument}. */
  args: string;
  /** `NAME=value` a line. */
  env: string;
  url: string;
  /** `Name: value` a line. */
  headers: string;
  timeout_seconds: string;
  is_enabled: boolean;
};

export const emptyMcpValues: McpValues = { name: '', slug: '', transport: 'streamable_http', command: '', args: '', env: '', url: '', headers: '', timeout_seconds: '60', is_enabled: true };

/** The fields in the order of the form. */
export const mcpFields = ['name', 'slug', 'transport', 'command', 'args', 'env', 'url', 'headers', 'timeout_seconds', 'is_enabled'] as const;
export const mcpLabels: Record<string, string> = {
  name: 'Name', slug: 'Short name', transport: 'How it is reached', command: 'Program', args: 'Arguments', env: 'Environment', url: 'Address', headers: 'Headers', timeout_seconds: 'Time-out', is_enabled: 'Switched on',
};

/** The field an issue of the api is about: `transport.env.TOKEN` is one of Environment. */
export const toMcpField = (path: string): string | undefined => {
  const inner = path === 'transport.type' ? 'transport' : path.replace(/^transport\./, '');
  return mcpFields.find((field) => inner === field || inner.startsWith(`${field}.`));
};

/** A short name made of a name, to start from: `GitHub (read)` → `githubread`. Empty where no letter begins it. */
export const proposeSlug = (name: string): string => name.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]/g, '').replace(/^\d+/, '').slice(0, 24);

/** A line as an argument: as it stands, or read as a JSON string where it begins with `"`, for line breaks and spaces at the ends. */
const toArgument = (line: string): string => {
  if (!line.startsWith('"')) return line;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? value : line;
  } catch {
    return line;
  }
};
const toArgumentLine = (argument: string): string => (argument === '' || /[\r\n]/.test(argument) || argument.startsWith('"') || argument.trim() !== argument ? JSON.stringify(argument) : argument);

/** Reads `NAME=value` or `Name: value` lines. The first sign parts a line; what is wrong is said with its line. */
const readPairs = (text: string, sign: '=' | ':', example: string): { pairs: Record<string, string>; problem: string | undefined } => {
  const pairs = new Map<string, string>();
  let problem: string | undefined;
  text.split('\n').forEach((whole, index) => {
    const line = whole.replace(/\r$/, '');
    if (line.trim() === '') return;
    const at = line.indexOf(sign);
    const name = line.slice(0, at).trim();
    if (at < 0) problem ??= `Line ${index + 1}: write ${example}.`;
    else if (pairs.has(name)) problem ??= `Line ${index + 1}: ${name} stands there twice.`;
    // Spaces around a header's value mean nothing; in a variable they may.
    else pairs.set(name, sign === ':' ? line.slice(at + 1).trim() : line.slice(at + 1));
  });
  return { pairs: Object.fromEntries(pairs), problem };
};
const readEnv = (text: string) => readPairs(text, '=', 'NAME=value');
const readHeaders = (text: string) => readPairs(text, ':', 'Name: value');
const writePairs = (pairs: Record<string, string>, sign: string): string => Object.entries(pairs).map(([name, value]) => `${name}${sign}${value}`).join('\n');

export const toMcpValues = ({ name, slug, transport, timeout_seconds: seconds, is_enabled: isEnabled }: McpServer): McpValues => ({
  ...emptyMcpValues, name, slug, transport: transport.type, timeout_seconds: String(seconds), is_enabled: isEnabled,
  ...(transport.type === 'stdio'
    ? { command: transport.command, args: transport.args.map(toArgumentLine).join('\n'), env: writePairs(transport.env, '=') }
    : { url: transport.url, headers: writePairs(transport.headers, ': ') }),
});

/** How the server is reached, as it is sent. */
export const toTransport = (values: McpValues): McpTransport =>
  values.transport === 'stdio'
    ? { type: 'stdio', command: values.command.trim(), args: values.args.split('\n').map((line) => line.trim()).filter((line) => line !== '').map(toArgument), env: readEnv(values.env).pairs }
    : { type: 'streamable_http', url: values.url.trim(), headers: readHeaders(values.headers).pairs };

/** The body that adds the server, or what is wrong with which field, each once and in the order of the form. */
export const toCreateBody = (values: McpValues): { body: CreateMcpServerBody; issues: FieldIssue[] } => {
  const body: CreateMcpServerBody = { name: values.name.trim(), slug: values.slug.trim(), transport: toTransport(values), timeout_seconds: parseTypedNumber(values.timeout_seconds), is_enabled: values.is_enabled };
  const typed = (values.transport === 'stdio' ? [['env', readEnv(values.env).problem]] : [['headers', readHeaders(values.headers).problem]]) as [string, string | undefined][];
  const parsed = createMcpServerBodySchema.safeParse(body);
  const found = [
    ...typed.flatMap(([path, message]): FieldIssue[] => (message === undefined ? [] : [{ path, message }])),
    ...(parsed.success ? [] : parsed.error.issues).map(({ path, message }): FieldIssue => {
      const field = toMcpField(path.join('.')) ?? '';
      const key = path[2];
      const isPair = (field === 'env' || field === 'headers') && key !== undefined;
      // The name itself is wrong, or its value: the schema says which only by where the issue lies.
      return { path: field, message: field === 'timeout_seconds' ? 'Time-out: a whole number of seconds from 1 to 600.' : isPair ? `${String(key) === '' ? 'A line without a name' : String(key)} ${message === 'Invalid key in record' ? (field === 'env' ? 'is no name of an environment variable' : 'is no name of a header') : message}.`.replace(/\.\.$/, '.') : message };
    }),
  ];
  return { body, issues: mcpFields.flatMap((field) => found.find(({ path }) => path === field) ?? []) };
};

/** What an edit changes, against the version that was opened; undefined when nothing. The short name stays: agents name tools by it. */
export const toUpdateBody = (values: McpValues, base: McpServer): UpdateMcpServerBody | undefined => {
  const { body } = toCreateBody(values);
  const changes: Omit<UpdateMcpServerBody, 'version'> = {
    ...(body.name === base.name ? {} : { name: body.name }),
    ...(JSON.stringify(body.transport) === JSON.stringify(toTransport(toMcpValues(base))) ? {} : { transport: body.transport }),
    ...(body.timeout_seconds === base.timeout_seconds ? {} : { timeout_seconds: body.timeout_seconds }),
    ...(body.is_enabled === base.is_enabled ? {} : { is_enabled: body.is_enabled }),
  };
  return Object.keys(changes).length === 0 ? undefined : { ...changes, version: base.version };
};
