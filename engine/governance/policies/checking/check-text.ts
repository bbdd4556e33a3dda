import { refuseField } from '../../../../contracts/errors.ts';
import type { CheckedPolicy, PolicyIssue } from '../../../../contracts/policies.ts';
import { rolesWith } from '../../../../contracts/permissions.ts';
import { countDeciders, countGroupDeciders, findAgentIds, findAgentTags, findPeopleNamed, listDataSourceNames, listMcpServerNames } from '../../../../db/repositories/policy-names.repository.ts';
import { checkPolicySource, listQuorumDemands, type PolicySource } from '../../../safety/index.ts';
import { listConfiguredDataSources } from '../../../tools/index.ts';
import { findNames, type Named, type NamedKind } from './find-names.ts';
import type { PolicyDeps } from '../policy-deps.ts';

/** What a policy's text may have, in characters; a form can be made into more. */
const maxCharacters = 20_000;

const deciderRoles = rolesWith('approvals:decide');
const nothing = 'Until there is, what the policy says about it decides nothing.';
const nobody = 'Until somebody may, such a request waits until it expires.';

type Oddity = Pick<PolicyIssue, 'message' | 'hint'>;
const unknown = (what: string, name: string, hint = nothing): Oddity => ({ message: `There is no ${what} "${name}" on this system.`, hint });

/** Says of a name what is odd about it; undefined: nothing. */
async function createJudge({ db, tools, config }: PolicyDeps, names: readonly Named[]): Promise<(named: Named) => Oddity | undefined> {
  const namesOf = (kind: NamedKind): string[] => [...new Set(names.filter((named) => named.kind === kind).map(({ name }) => name))];
  const [registry, agents, tags, groups, people, dataSources, mcpServers] = await Promise.all([
    tools.current(), findAgentIds(db, namesOf('Agent')), findAgentTags(db, namesOf('Tag')), countGroupDeciders(db, namesOf('group'), deciderRoles), findPeopleNamed(db, namesOf('user')),
    listDataSourceNames(db), listMcpServerNames(db),
  ]);
  for (const { name } of listConfiguredDataSources(config)) dataSources.add(name);
  const judges: Record<NamedKind, (name: string) => Oddity | undefined> = {
    Tool: (name) => (registry.has(name) ? undefined : unknown('tool', name)),
    Agent: (name) => (agents.has(name) ? undefined : unknown('agent', name)),
    Tag: (name) => (tags.has(name) ? undefined : { message: `No agent has the tag "${name}".`, hint: 'Until one has, what the policy says about it decides nothing.' }),
    DataSource: (name) => (dataSources.has(name) ? undefined : unknown('data source', name)),
    McpServer: (name) => (mcpServers.has(name) ? undefined : unknown('MCP server', name)),
    group(name) {
      const deciders = groups.get(name);
      if (deciders === undefined) return unknown('group', name, nobody);
      return deciders > 0 ? undefined : { message: `Nobody of the group "${name}" may decide.`, hint: nobody };
    },
    user(name) {
      const person = people.get(name);
      if (person === undefined) return { message: `Nobody here has the address "${name}".`, hint: nobody };
      if (person.is_disabled) return { message: `"${name}" is disabled and may not decide.`, hint: nobody };
      return deciderRoles.includes(person.role) ? undefined : { message: `"${name}" may not decide: their role is ${person.role}.`, hint: nobody };
    },
  };
  return ({ kind, name }) => judges[kind](name);
}

/** Demands nobody can meet, as long as people are what they are now. */
async function findUnmeetable({ db }: PolicyDeps, cedar: string): Promise<PolicyIssue[]> {
  const found = await Promise.all(listQuorumDemands(cedar).map(async ({ quorum, approvers, place }): Promise<PolicyIssue[]> => {
    const deciders = await countDeciders(db, approvers, deciderRoles);
    if (deciders >= quorum) return [];
    return [{ severity: 'warning', message: `${quorum} people have to approve, but only ${deciders} may.`, hint: 'Until enough may, such a request waits until it expires.', ...place }];
  }));
  return found.flat();
}

/**
 * Text and form of a policy with all that is wrong or odd about it: Cedar's own errors and warnings, and a warning for each name that means
 * nothing on this system and for each number of people that cannot be reached. Never call it inside a transaction. Throws VALIDATION_FAILED for a form that comes out too long.
 */
export async function checkText(deps: PolicyDeps, source: PolicySource): Promise<CheckedPolicy> {
  const checked = checkPolicySource(source);
  if (checked.cedar.length > maxCharacters) refuseField(source.form === undefined ? 'cedar' : 'form', 'The policy comes out longer than 20,000 characters. Make it two.');
  const names = findNames(checked.cedar);
  const [oddityOf, unmeetable] = await Promise.all([createJudge(deps, names), findUnmeetable(deps, checked.cedar)]);
  const warnings = names.flatMap((named): PolicyIssue[] => {
    const oddity = oddityOf(named);
    return oddity === undefined ? [] : [{ severity: 'warning', ...oddity, ...named.place }];
  });
  return { ...checked, issues: [...checked.issues, ...warnings, ...unmeetable] };
}
