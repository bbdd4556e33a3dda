import type { FieldIssue } from '../../../contracts/errors.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { McpTransport } from '../../../contracts/mcp-servers.ts';
import { secretNamesIn } from '../../../contracts/secrets.ts';

/** Words of names under which credentials are sent; `GITHUB_TOKEN`, `x-api-key`, `clientSecret` have one, `MAX_TOKENS` has none. */
const credentialWord = /^(authorization|auth|token|key|apikey|accesskey|secret|password|passwd|pwd|credentials?|cookie|pat)$/i;
/** Last words of names that tell of a credential without being one: `API_KEY_FILE`, `ACCESS_KEY_ID`. */
const harmlessEnd = /^(file|path|dir|name|header|id|url|type|limit|count)$/i;
function isCredentialName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').split(/[^A-Za-z0-9]+/);
  return words.some((word) => credentialWord.test(word)) && !harmlessEnd.test(words.at(-1) ?? '');
}
/** What credentials look like whatever they are called. */
const credentialForm = /^(?:(?:bearer|basic|token)\s+\S{8,}|sk-[\w-]{12,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)$/i;

const message = 'This looks like a credential, and everybody who may see connections could read it. Make a secret of it (Integrations → Secrets) and write {{secret:its-name}} here.';

const isRaw = (name: string, value: string): boolean => value.trim() !== '' && secretNamesIn(value).length === 0 && (isCredentialName(name) || credentialForm.test(value.trim()));
const issuesOf = (values: Readonly<Record<string, string>>, path: string): FieldIssue[] =>
  Object.entries(values).flatMap(([name, value]) => (isRaw(name, value) ? [{ path: `${path}.${name}`, message }] : []));

/** Parameters of an address that carry credentials: they cannot be put in by reference there. */
const issuesOfAddress = (url: string): FieldIssue[] =>
  [...new URL(url).searchParams].some(([name, value]) => isRaw(name, value)) ? [{ path: 'transport.url', message: 'The address carries what looks like a credential. Send it in a header that refers to a secret: {{secret:its-name}}.' }] : [];

/** Refuses what may not be kept or started here. Throws VALIDATION_FAILED naming each field. */
export function checkTransport(transport: McpTransport, { allowsStdio }: { allowsStdio: boolean }): void {
  const issues: FieldIssue[] = [];
  if (transport.type === 'stdio') {
    if (!allowsStdio) issues.push({ path: 'transport.type', message: 'Programs are not started on this system. Set MCP_STDIO=on where api and worker are started, or reach the server over HTTP.' });
    issues.push(...issuesOf(transport.env, 'transport.env'));
    for (const [index, argument] of transport.args.entries()) {
      if (secretNamesIn(argument).length > 0) issues.push({ path: `transport.args.${index}`, message: 'Secrets are put into the environment only: every user of the machine can read the arguments of a program.' });
      else if (credentialForm.test(argument.trim())) issues.push({ path: `transport.args.${index}`, message });
    }
  } else issues.push(...issuesOf(transport.headers, 'transport.headers'), ...issuesOfAddress(transport.url));
  if (issues.length > 0) throw new AppError('VALIDATION_FAILED', issues[0]?.message, { details: { issues } });
}
