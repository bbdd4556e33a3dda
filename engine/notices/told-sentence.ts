import type { ToldRequest } from '../../db/repositories/notice-contents.repository.ts';

/** A request with the sentence that notices have of its call. */
export type WordedRequest = ToldRequest & { sentence: string };

/** What calls of a tool do, in words no call changes. Other tools are told by their names. */
const wordsOf: Partial<Record<string, string>> = {
  ask_person: 'Ask a person a question',
  describe_data_source: 'Look up the columns of a data source',
  execute_python: 'Run Python in the sandbox',
  http_request: 'Send an HTTP request',
  read_result: 'Read more of a result',
  run_sql: 'Read from a data source',
  send_email: 'Send an e-mail',
  web_search: 'Search the web',
};

const maxHosts = 3;
const isHostName = (value: unknown): value is string => typeof value === 'string' && /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(value);

/**
 * What a notice says that a call does: words of the system, and the names of the hosts something goes to. Nothing else of a call gets here: notices
 * leave for where nobody has to sign in, and what a model wrote may hold secrets, or links and pleas for whoever reads it.
 */
export function toToldSentence({ kind, tool_name: toolName, host, recipient_domains: domains }: Pick<ToldRequest, 'kind' | 'tool_name' | 'host' | 'recipient_domains'>): string {
  const hosts = [host, domains].flat().filter(isHostName);
  const more = hosts.length > maxHosts ? ` and ${hosts.length - maxHosts} more` : '';
  const to = hosts.length === 0 ? '' : ` to ${hosts.slice(0, maxHosts).join(', ')}${more}`;
  const sentence = `${wordsOf[toolName] ?? `Call the tool ${toolName}`}${to}`;
  return kind === 'outcome_unknown' ? `Find out whether this happened: ${sentence}` : sentence;
}
