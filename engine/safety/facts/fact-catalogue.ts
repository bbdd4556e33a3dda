import type { PolicyFact } from '../../../contracts/policy-words.ts';

export type FactType = PolicyFact['type'];
export type FactValue = string | number | boolean | string[];

/** Something policies may ask of a call. */
export interface Fact {
  /** As the form names it; the ledger and the Cedar schema follow from it. */
  name: string;
  type: FactType;
  description: string;
  /** Tools whose calls have it; empty: every call. */
  tools: readonly string[];
  /** Calls that should have it may lack it, and that says something by itself: an e-mail without Reply-To. */
  isOptional: boolean;
}

const everyCall = (facts: Record<string, [FactType, string]>): Fact[] => Object.entries(facts).map(([name, [type, description]]) => ({ name, type, description, tools: [], isOptional: false }));
const sometimes = (facts: Record<string, [FactType, string]>): Fact[] => everyCall(facts).map((fact) => ({ ...fact, isOptional: true }));
const of = (tools: readonly string[], facts: Fact[]): Fact[] => facts.map((fact) => ({ ...fact, tools }));

/** The facts of policies, in the order people read them. Everything about facts (schema, form, docs, what is given to Cedar) is made from this list. */
export const facts: readonly Fact[] = [
  ...everyCall({
    risk: ['text', 'Risk of the call: LOW, MEDIUM, HIGH or CRITICAL.'],
    risk_level: ['number', 'The same as a number, 1 (LOW) to 4 (CRITICAL).'],
    effect: ['text', 'What the call does to the world: none, idempotent or external.'],
    environment: ['text', 'Name of this installation, as MAESTRO_ENVIRONMENT says.'],
    hour: ['number', 'Hour of the day in UTC, 0 to 23.'],
    weekday: ['number', 'Day of the week in UTC, 1 (Monday) to 7 (Sunday).'],
    'agent.name': ['text', 'Name of the agent.'],
    'agent.version': ['number', 'Version of the agent the run is pinned to.'],
    'agent.tags': ['text_set', 'Tags of the agent.'],
  }),
  ...sometimes({ 'agent.owner': ['text', 'E-mail address of whoever made the agent.'] }),
  ...everyCall({
    'run.tool_calls': ['number', 'Calls of any tool this run has made so far, refused ones included.'],
    'run.calls_of_tool': ['number', 'Calls of this tool this run has made so far.'],
    'run.iterations': ['number', 'Turns of the model so far.'],
    'run.tokens': ['number', 'Tokens the run has used so far, read and written.'],
  }),
  ...sometimes({ 'run.cost_micro_usd': ['number', 'Cost of the run so far in millionths of a dollar; unknown where a price is.'] }),
  ...everyCall({
    read_from: ['text_set', 'Tools whose results or errors the run has read before this call, or was given from the agent\'s memory; "memory" where it is not known which.'],
    copied_from: ['text_set', 'Those of them in whose text a text of this call\'s arguments stands word for word (6 characters or more), or whose result or file an argument names.'],
  }),
  ...of(['send_email'], [
    ...everyCall({
      recipient_count: ['number', 'Recipients of the e-mail, To, Cc and Bcc together.'],
      outside_recipient_count: ['number', 'Recipients outside the company\'s own domains.'],
      hidden_recipient_count: ['number', 'Recipients in Bcc.'],
      recipient_domains: ['text_set', 'Domains of all recipients.'],
      outside_domains: ['text_set', 'Domains of the recipients outside the company.'],
      from_domain: ['text', 'Domain of the sender.'],
      text_length: ['number', 'Characters of the text.'],
      attachment_count: ['number', 'Attached files.'],
      has_html: ['boolean', 'There is an HTML body.'],
      html_has_remote_content: ['boolean', 'The HTML loads something from elsewhere when it is opened.'],
      html_has_script: ['boolean', 'The HTML holds a script.'],
    }),
    ...sometimes({ reply_to_domain: ['text', 'Domain of the Reply-To address, where there is one.'] }),
  ]),
  ...of(['run_sql', 'describe_data_source'], everyCall({ data_source: ['text', 'Name of the data source.'] })),
  ...of(['run_sql'], everyCall({
    tables: ['text_set', 'Tables the query reads: orders, or sales.orders outside the schema public.'],
    columns: ['text_set', 'Columns the query reads as table.column; table.* where it takes all of them, *.column where the table is not clear from the query.'],
    private_columns: ['text_set', 'Those of them that the data source lists as private.'],
    row_limit: ['number', 'Rows the query may return at most.'],
    functions: ['text_set', 'SQL functions the query calls.'],
  })),
  ...of(['http_request'], everyCall({
    host: ['text', 'Host of the request, in small letters.'],
    method: ['text', 'GET, POST, …'],
    path: ['text', 'Path of the address, without the query.'],
    protocol: ['text', 'https or http.'],
    port: ['number', 'Port of the request.'],
    body_length: ['number', 'Characters of the body.'],
    header_names: ['text_set', 'Names of the headers sent, in small letters.'],
    secret_names: ['text_set', 'Names of the stored secrets sent along.'],
    follows_redirects: ['boolean', 'Redirects are followed.'],
  })),
  ...of(['web_search'], everyCall({ query_length: ['number', 'Characters of the search.'], count: ['number', 'Results asked for.'] })),
  ...of(['execute_python'], everyCall({
    code_length: ['number', 'Characters of the program.'],
    imported_modules: ['text_set', 'Modules the program imports.'],
    input_names: ['text_set', 'Names of the inputs handed in.'],
    timeout_seconds: ['number', 'Seconds the program may take.'],
  })),
  ...sometimes({
    mcp_server: ['text', 'Name of the MCP server, for its tools.'],
    mcp_tool: ['text', 'Name of the tool as the MCP server calls it.'],
    argument_names: ['text_set', 'Names of the arguments, for tools of MCP servers.'],
    argument_hosts: ['text_set', 'Hosts of the addresses among the arguments, for tools of MCP servers.'],
  }),
];

const byName: ReadonlyMap<string, Fact> = new Map(facts.map((fact) => [fact.name, fact]));

/** Short texts (and yes or no) and whole numbers among the arguments of any tool, by the argument's name. */
const argumentKinds = { arguments: 'text', numbers: 'number' } as const;

/** Stands for the name of an argument that conditions work out rather than write. */
export const anyArgument = '*';

/** `arguments.subject` → of which kind, and the argument's name; undefined for other facts. */
export function toArgumentName(factName: string): { kind: keyof typeof argumentKinds; name: string } | undefined {
  const [kind = ''] = factName.split('.', 1);
  const name = factName.slice(kind.length + 1);
  return Object.hasOwn(argumentKinds, kind) && name !== '' ? { kind: kind as keyof typeof argumentKinds, name } : undefined;
}

/** A fact by its name; arguments are facts as well. */
export function findFact(name: string): Fact | undefined {
  const argument = toArgumentName(name);
  if (argument === undefined) return byName.get(name);
  return { name, type: argumentKinds[argument.kind], description: `The argument ${argument.name}.`, tools: [], isOptional: true };
}

/** Whether Cedar may read the fact without asking `has` first. */
export const isAlwaysKnown = (fact: Fact): boolean => fact.tools.length === 0 && !fact.isOptional;

/** Whether a call of this tool without the fact is a broken record rather than a call that has no such thing. */
export const isExpectedOf = (fact: Fact, toolName: string): boolean => !fact.isOptional && (fact.tools.length === 0 || fact.tools.includes(toolName));
