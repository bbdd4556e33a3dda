import type { MatchedRule, PolicyEffect } from '../../contracts/approvals.ts';
import { type BuiltInPolicy, builtInPolicies } from './built-in-policies.ts';
import { policyVersionInUse } from './cedar/cedar-instance.ts';
import { compilePolicy, type Statement } from './cedar/compile-policy.ts';
import { describeStatements } from './cedar/describe-policy.ts';
import { effectOf } from './cedar/effect-of.ts';
import { findHolding, type Holding } from './find-holding.ts';
import { mergeTerms } from './merge-terms.ts';
import type { NearMiss, PolicyQuestion, PolicySet, PolicyVerdict } from './policy.ts';
import { createStatementIndex } from './statement-index.ts';

/** A policy as a set has it. The built-in ones come by themselves. */
export interface PolicyText {
  id: string;
  name: string;
  /** Of the policy; null for a draft. */
  version: number | null;
  cedar: string;
  /** Evaluated apart from the others: sets that differ in this policy alone share the work on all the rest. */
  isApart?: boolean;
}

/** A policy with those of its statements that are meant. */
interface PolicyPart {
  policy: PolicyText;
  statements: Statement[];
}

const nothingPermits: MatchedRule = { id: 'built-in.nothing-permits', name: 'What no policy permits is refused', description: 'No policy permits it.', effect: 'deny' };
const factsFailed = (problems: readonly string[]): MatchedRule => ({ id: 'built-in.facts-missing', name: 'What cannot be judged waits for a person', description: problems.slice(0, 3).join(' '), effect: 'ask' });

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];

/** By the first statement and the numbers of all: the same few decide again and again. */
const reasons = new WeakMap<Statement, Map<string, string>>();

/** Why a policy decides, in its own words where it has any. */
const reasonOf = ({ statements }: PolicyPart): string => {
  const [first] = statements;
  if (first === undefined) return '';
  const known = reasons.get(first) ?? new Map<string, string>();
  reasons.set(first, known);
  const key = statements.map(({ number }) => number).join();
  const reason = known.get(key) ?? describeStatements(statements).description;
  known.set(key, reason);
  return reason;
};

const toRule = (part: PolicyPart, effect: PolicyEffect): MatchedRule => ({
  id: part.policy.id, name: part.policy.name, description: reasonOf(part), effect, ...(part.policy.version === null ? {} : { version: part.policy.version }),
});

const openings: Record<PolicyEffect, string> = { deny: 'Blocked by', ask: 'A person has to approve it, says', allow: 'Allowed by' };
const toReason = (effect: PolicyEffect, parts: readonly PolicyPart[]): string => `${openings[effect]} ${parts.map((part) => `“${part.policy.name}”: ${reasonOf(part)}`).join(' And ')}`;

/** Whether a statement says how to approve, rather than only why. */
const saysHow = ({ terms: { reason: _reason, forbidsSelfApproval, approvers, escalations, ...others } }: Statement): boolean =>
  forbidsSelfApproval || approvers.length > 0 || escalations.length > 0 || Object.values(others).some((value) => value !== null);

/**
 * Which statements decide, and what. Forbidding goes before permitting; `use_unattended` matters only where `use` is permitted. What asks
 * already, since nothing permits it unattended, keeps its terms where something else asks as well.
 */
function decide({ use, use_unattended: unattended }: Holding, isWritten: (statement: Statement) => boolean): { effect: PolicyEffect; deciding: Statement[] } {
  const only = (statements: readonly Statement[], effect: Statement['effect']): Statement[] => statements.filter((statement) => statement.effect === effect);
  const forbidding = only(use, 'forbid');
  if (forbidding.length > 0) return { effect: 'deny', deciding: forbidding };
  const permitting = only(use, 'permit');
  if (permitting.length === 0) return { effect: 'deny', deciding: [] };
  const [asking, running] = [only(unattended, 'forbid'), only(unattended, 'permit')];
  if (asking.length > 0) return { effect: 'ask', deciding: [...asking, ...(running.length > 0 ? [] : permitting.filter((statement) => isWritten(statement) && saysHow(statement)))] };
  return running.length > 0 ? { effect: 'allow', deciding: running } : { effect: 'ask', deciding: permitting };
}

/** Statements that might have asked, had the record said enough: whoever they name decides, so that nobody gets around them with an odd argument. */
const perhapsAsking = ({ uncertain, failing }: Holding): Statement[] =>
  [...uncertain, ...failing.map(({ statement }) => statement)].filter(({ effect, scope: { actions } }) => effect === 'forbid' && !actions.use && actions.use_unattended);

/**
 * All these policies and the built-in ones together. `version` names the set in its verdicts. A text that cannot be read makes every verdict
 * at least `ask`, with a problem that names the policy. `isProvisional`: one could not be read because the engine broke down, so that the set made
 * again may be another.
 */
export function createPolicySet({ version, policies }: { version: string; policies: readonly PolicyText[] }): PolicySet & { isProvisional: boolean } {
  const builtIn = builtInPolicies.map((policy: BuiltInPolicy): PolicyText => ({ ...policy, version: null }));
  const compiled = [...builtIn, ...policies].map((policy) => ({ policy, compiled: policyVersionInUse.run(version, compilePolicy, policy.cedar) }));
  // Statements are told apart by themselves. Two policies of the same text share their compiled statements, so each gets its own copies.
  const policyOf = new Map<Statement, PolicyText>();
  const owned = compiled.map(({ policy, compiled: each }) => {
    const isApart = policy.isApart === true;
    if (!each.ok) return { compiled: each, isApart };
    const statements = each.statements.map((statement) => ({ ...statement }));
    for (const statement of statements) policyOf.set(statement, policy);
    return { compiled: { ok: true as const, statements }, isApart };
  });
  const index = createStatementIndex(owned);
  const unreadable = compiled.filter(({ compiled: each }) => !each.ok || each.statements.length === 0 || each.statements.some(({ hasBadTerms }) => hasBadTerms)).map(({ policy }) => `The policy “${policy.name}” cannot be read, so a person decides.`);

  const holdingOf = (question: PolicyQuestion): Holding => policyVersionInUse.run(version, findHolding, index, question);
  const nameOf = (statement: Statement): string => policyOf.get(statement)?.name ?? '';
  const byPolicy = (statements: readonly Statement[]): PolicyPart[] => {
    const parts = new Map<PolicyText, Statement[]>();
    for (const statement of statements) {
      const policy = policyOf.get(statement);
      if (policy !== undefined) parts.set(policy, [...(parts.get(policy) ?? []), statement]);
    }
    return [...parts].map(([policy, own]) => ({ policy, statements: own }));
  };

  function judge(question: PolicyQuestion): PolicyVerdict {
    const holding = holdingOf(question);
    const problems = unique([
      ...unreadable, ...[...holding.problems.values()].map(({ message }) => message),
      ...holding.failing.filter(() => holding.problems.size === 0).map(({ statement, message }) => `The policy “${nameOf(statement)}” could not be evaluated: ${message}.`),
    ]);
    const { effect, deciding } = decide(holding, (statement) => policyOf.get(statement)?.id.startsWith('built-in.') === false);
    const parts = byPolicy(deciding);
    const base = { policyVersion: version, problems };
    if (effect === 'deny') {
      if (parts.length > 0) return { ...base, verdict: 'deny', reason: toReason('deny', parts), matchedRules: parts.map((part) => toRule(part, 'deny')), terms: null };
      return { ...base, verdict: 'deny', reason: `No policy permits it. Its risk is ${question.riskLevel}.`, matchedRules: [nothingPermits], terms: null };
    }
    if (effect === 'allow' && problems.length === 0) return { ...base, verdict: 'allow', reason: toReason('allow', parts), matchedRules: parts.map((part) => toRule(part, 'allow')), terms: null };
    const asking = effect === 'ask' ? parts : [];
    const deciders = byPolicy([...new Set([...(effect === 'ask' ? deciding : []), ...perhapsAsking(holding)])]);
    return {
      ...base, verdict: 'ask',
      reason: [asking.length > 0 ? toReason('ask', asking) : '', problems.length > 0 ? `It cannot be judged for certain, so a person decides. ${problems.join(' ')}` : ''].filter((text) => text !== '').join(' '),
      matchedRules: [...deciders.map((part) => toRule(part, 'ask')), ...(problems.length > 0 ? [factsFailed(problems)] : [])],
      terms: mergeTerms(deciders.map(({ policy, statements }) => ({ policyId: policy.id, policyName: policy.name, terms: statements.map(({ terms }) => terms) }))),
    };
  }

  function nearMisses(question: PolicyQuestion): NearMiss[] {
    const { use, use_unattended: unattended, missed } = holdingOf(question);
    const held = new Set([...use, ...unattended].map((statement) => policyOf.get(statement)));
    return byPolicy(missed)
      .filter(({ policy }) => !held.has(policy) && !policy.id.startsWith('built-in.'))
      .map((part) => ({ id: part.policy.id, name: part.policy.name, effect: effectOf(part.statements), description: reasonOf(part) }));
  }

  return {
    version, judge, nearMisses, isProvisional: compiled.some(({ compiled: each }) => !each.ok && each.isBreakdown),
    missingFacts: (question) => [...holdingOf(question).problems].filter(([, { isMissing }]) => isMissing).map(([name]) => name),
  };
}
