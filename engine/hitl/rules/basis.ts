import type { ApprovalTerms, MatchedRule, PolicyEffect } from '../../../contracts/approvals.ts';
import type { RiskLevel, ToolEffect, ToolFacts } from '../../../contracts/tools.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { isAtLeastAsStrict } from '../../safety/index.ts';
import { plainTerms } from './eligibility.ts';

/** What an approval rests on; when something of it has changed by the time the call is executed, people are asked again. */
export interface Basis {
  verdict: PolicyEffect;
  riskLevel: RiskLevel;
  effect: ToolEffect;
  /** Policies that decided, with their versions. */
  policies: { id: string; version: number | null }[];
  /** Who had to approve. */
  requirements: { policyId: string; approvers: string[]; quorum: number }[];
  forbidsSelfApproval: boolean;
  /** Of a tool that may become another one under its name. */
  definitionHash: string | null;
  /** How the MCP server of its tool is reached; absent for other tools, and where an earlier release kept the basis. */
  transportHash?: string;
  /** Of a data source an admin may point somewhere else. */
  dataSourceVersion: number | null;
  /** The same name may be given to another data source; absent without one of its own, and where an earlier release kept the basis. */
  dataSourceId?: string;
  /** All policies it was judged by, and the whole of what they demanded; absent where an earlier release kept the basis. */
  policySet?: string;
  terms?: ApprovalTerms | null;
}

interface Judged {
  verdict: PolicyEffect;
  riskLevel: RiskLevel;
  effect: ToolEffect;
  facts: ToolFacts;
  matchedRules: readonly MatchedRule[];
  terms: ApprovalTerms | null;
  policyVersion: string;
}

const byId = (left: { id: string }, right: { id: string }): number => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);

/** What of a judgement an approval rests on: not the moment, nor how far the run has come. */
export function toBasis({ verdict, riskLevel, effect, facts, matchedRules, terms, policyVersion }: Judged, dataSource: { id: string; version: number } | undefined): Basis {
  const { definition_hash: definitionHash, transport_hash: transportHash } = facts;
  return {
    verdict, riskLevel, effect,
    policies: matchedRules.map(({ id, version }) => ({ id, version: version ?? null })).toSorted(byId),
    requirements: (terms?.requirements ?? []).map(({ policy_id: policyId, approvers, quorum }) => ({ policyId, approvers: approvers.toSorted(), quorum })).toSorted((left, right) => byId({ id: left.policyId }, { id: right.policyId })),
    forbidsSelfApproval: terms?.forbids_self_approval ?? false,
    definitionHash: typeof definitionHash === 'string' ? definitionHash : null,
    ...(typeof transportHash === 'string' ? { transportHash } : {}),
    dataSourceVersion: dataSource?.version ?? null,
    ...(dataSource === undefined ? {} : { dataSourceId: dataSource.id }),
    policySet: policyVersion,
    terms,
  };
}

/** A basis as a request keeps it. */
export const toBasisColumn = (basis: Basis): Record<string, unknown> => ({ ...basis });

type Part = keyof Basis;
/** What is asked about: the call, and what is behind the names in it. */
const ofCall = ['verdict', 'riskLevel', 'effect', 'definitionHash', 'transportHash', 'dataSourceVersion', 'dataSourceId'] as const satisfies Part[];
/** Whoever asks. */
const ofPolicies = ['policies', 'requirements', 'forbidsSelfApproval'] as const satisfies Part[];

/** What one of both does not say is not compared: a basis that an earlier release kept says less. */
const agree = (left: Basis, right: Basis, parts: readonly Part[]): boolean => parts.every((part) => !(part in left && part in right) || hashJson(left[part]) === hashJson(right[part]));

/**
 * Whether an approval on one basis still counts on the other. The same policies say something else only because of the moment, or of how far the
 * run has come: then an approval is enough that meets all they demand now.
 */
export function covers(approved: Basis, now: Basis): boolean {
  if (!agree(approved, now, ofCall)) return false;
  if (approved.policySet === undefined || approved.policySet !== now.policySet) return agree(approved, now, ofPolicies);
  return isAtLeastAsStrict(approved.terms ?? plainTerms, now.terms ?? plainTerms);
}

const nameOf = ({ id, version }: { id: string; version: number | null }, names: ReadonlyMap<string, string>): string => `${names.get(id) ?? id}${version === null ? '' : ` (version ${version})`}`;

const areKnownToDiffer = (before: string | undefined, now: string | undefined): boolean => before !== undefined && now !== undefined && before !== now;

/**
 * What has changed between what was approved (or allowed) and now, in words a person reads.
 * @param names names of policies by id, where they are known.
 */
export function describeDrift(before: Basis, now: Basis, names: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  if (before.verdict !== now.verdict) parts.push(now.verdict === 'ask' ? 'it needs an approval now' : `the verdict is ${now.verdict} now`);
  const had = new Map(before.policies.map((policy) => [policy.id, policy]));
  const has = new Map(now.policies.map((policy) => [policy.id, policy]));
  for (const policy of now.policies) {
    const earlier = had.get(policy.id);
    if (earlier === undefined) parts.push(`the policy ${nameOf(policy, names)} decides now`);
    else if (earlier.version !== policy.version) parts.push(`the policy ${nameOf({ ...policy, version: null }, names)} changed from version ${earlier.version} to ${policy.version}`);
  }
  for (const policy of before.policies) if (!has.has(policy.id)) parts.push(`the policy ${nameOf(policy, names)} no longer decides`);
  if (hashJson(before.requirements) !== hashJson(now.requirements)) parts.push('other people have to approve');
  if (before.forbidsSelfApproval !== now.forbidsSelfApproval) parts.push(now.forbidsSelfApproval ? 'whoever started the run may not approve it now' : 'whoever started the run may approve it now');
  if (before.riskLevel !== now.riskLevel) parts.push(`the risk is ${now.riskLevel}, no longer ${before.riskLevel}`);
  if (before.effect !== now.effect) parts.push(`the effect is ${now.effect}, no longer ${before.effect}`);
  if (before.definitionHash !== now.definitionHash) parts.push('the definition of the tool changed');
  if (areKnownToDiffer(before.transportHash, now.transportHash)) parts.push('its MCP server is reached in another way');
  if (areKnownToDiffer(before.dataSourceId, now.dataSourceId)) parts.push('the data source of this name is another one');
  else if (before.dataSourceVersion !== now.dataSourceVersion) parts.push('the settings of the data source changed');
  if (parts.length === 0) parts.push('an approval takes more now');
  return `Asked again, since this changed after it was decided: ${parts.join('; ')}.`;
}
