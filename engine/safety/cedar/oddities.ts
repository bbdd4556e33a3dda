import type { PolicyIssue } from '../../../contracts/policies.ts';
import type { Statement } from './compile-policy.ts';

export interface Oddity extends Pick<PolicyIssue, 'message' | 'hint'> {
  /** Undefined: it is about the text as a whole. */
  statement: Statement | undefined;
}

const isAboutEverything = ({ scope, conditions }: Statement): boolean => scope.groups?.length === 0 && conditions.length === 0;

const hostsOf = ({ scope }: Statement): string[] => (scope.groups ?? []).flatMap(({ anyOf }) => anyOf).filter(({ type }) => type === 'Host').map(({ id }) => id);

function oddityOf(statement: Statement): Omit<Oddity, 'statement'>[] {
  const { effect, scope: { actions, groups }, terms } = statement;
  const found: Omit<Oddity, 'statement'>[] = [];
  if (isAboutEverything(statement)) {
    if (effect === 'forbid' && actions.use) found.push({ message: 'It forbids everything: no agent could use any tool.', hint: 'Name an agent, a tag or a tool, or add a condition.' });
    else if (effect === 'forbid') found.push({ message: 'It forbids everything that is unattended: every call of every agent would wait for a person.', hint: 'Name an agent, a tag or a tool, or add a condition.' });
    else if (actions.use_unattended) found.push({ message: 'It permits everything unattended, CRITICAL calls included.', hint: 'Name an agent, a tag or a tool, or add a condition.' });
  }
  if (effect === 'permit' && !actions.use && actions.use_unattended) found.push({ message: 'It permits “use_unattended” alone, which counts only where something permits “use” as well.', hint: 'Write action in [Action::"use", Action::"use_unattended"].' });
  if (groups === undefined) found.push({ message: 'No call fits its scope, so it decides nothing.', hint: 'principal is an Agent (in a Tag), resource a Tool (in a DataSource, a Host or an McpServer).' });
  const asks = terms.approvers.length > 0 || terms.quorum !== null || terms.expires !== null || terms.editable !== null;
  if (asks && ((effect === 'forbid' && actions.use) || (effect === 'permit' && actions.use_unattended))) found.push({ message: 'It says how to approve and never asks anybody.', hint: 'Approvals are asked for by forbid(…, action == Action::"use_unattended", …) and by permit(…, action == Action::"use", …).' });
  const host = hostsOf(statement).find((name) => name !== name.toLowerCase() || /[/:*]/.test(name.replace(/:\d+$/, '')));
  if (host !== undefined) found.push({ message: `No call has the host "${host.slice(0, 100)}".`, hint: 'Hosts are written in small letters, without https:// and without *; for many hosts write context.host like "*.example.com".' });
  return found;
}

/** What is allowed and rarely meant. */
export function oddities(statements: readonly Statement[]): Oddity[] {
  return statements.flatMap((statement) => oddityOf(statement).map((oddity) => ({ ...oddity, statement })));
}
