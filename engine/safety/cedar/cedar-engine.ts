import {
  type DetailedError, type EntityJson, type Expr, type PolicyJson, policySetTextToParts, policyToJson, preparsePolicySet, statefulIsAuthorized, validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { cedarSchema } from '../facts/cedar-schema.ts';

export type { DetailedError, EntityJson, Expr, PolicyJson };

type Failure = { ok: false; errors: DetailedError[] };

const toFailure = (error: unknown): Failure => ({
  ok: false, errors: [{ message: error instanceof Error ? error.message : 'the policy engine failed', help: null, code: null, url: null, severity: null }],
});

// Cedar's WebAssembly throws where text is not well-formed Unicode or nested too deeply; everything here answers instead.

/** Texts of the statements in the order they stand in the source. Templates are told apart: they are no statements until somebody links them. */
export function splitStatements(cedar: string): { ok: true; statements: string[]; templates: string[] } | Failure {
  try {
    const parts = policySetTextToParts(cedar);
    if (parts.type === 'failure') return { ok: false, errors: parts.errors };
    // Cedar numbers them policy0, policy1, … and hands them out in the order of those names as texts: policy10 comes before policy2.
    const order = parts.policies.map((_text, index) => `policy${index}`).toSorted();
    const statements = parts.policies.map((_text, index) => parts.policies[order.indexOf(`policy${index}`)] as string);
    return { ok: true, statements, templates: parts.policy_templates };
  } catch (error) {
    return toFailure(error);
  }
}

/** One statement as Cedar's JSON. */
export function parseStatement(statement: string): { ok: true; json: PolicyJson } | Failure {
  try {
    const answer = policyToJson(statement);
    return answer.type === 'success' ? { ok: true, json: answer.json } : { ok: false, errors: answer.errors };
  } catch (error) {
    return toFailure(error);
  }
}

/** What the schema has against a text that parses: errors, and warnings such as a condition that never holds. */
export function validateAgainstSchema(cedar: string): { ok: true; errors: DetailedError[]; warnings: DetailedError[] } | Failure {
  try {
    const answer = validate({ schema: cedarSchema, policies: { staticPolicies: cedar } });
    if (answer.type === 'failure') return { ok: false, errors: answer.errors };
    return { ok: true, errors: answer.validationErrors.map(({ error }) => error), warnings: [...answer.validationWarnings.map(({ error }) => error), ...answer.otherWarnings] };
  } catch (error) {
    return toFailure(error);
  }
}

/** Keeps a set of statements in the engine under a number. Sets cannot be removed, only replaced: numbers are used again. */
export function loadStatements(slot: number, statements: Record<string, PolicyJson>): boolean {
  try {
    return preparsePolicySet(String(slot), { staticPolicies: statements }).type === 'success';
  } catch {
    return false;
  }
}

/** What a loaded set is asked. */
export interface Evaluation {
  agentId: string;
  toolName: string;
  action: 'use' | 'use_unattended';
  context: Record<string, unknown>;
  entities: EntityJson[];
}

/** Names of the statements (all of them permits) that hold, and those that could not be evaluated with why. */
export function evaluate(slot: number, { agentId, toolName, action, context, entities }: Evaluation): { ok: true; holding: string[]; failing: { name: string; message: string }[] } | Failure {
  try {
    const answer = statefulIsAuthorized({
      principal: { type: 'Agent', id: agentId }, action: { type: 'Action', id: action }, resource: { type: 'Tool', id: toolName },
      context: context as never, entities, preparsedPolicySetId: String(slot), validateRequest: false,
    });
    if (answer.type === 'failure') return { ok: false, errors: answer.errors };
    const { reason, errors } = answer.response.diagnostics;
    return { ok: true, holding: reason, failing: errors.map(({ policyId, error }) => ({ name: policyId, message: error.message })) };
  } catch (error) {
    return toFailure(error);
  }
}
