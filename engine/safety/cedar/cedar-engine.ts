import type { DetailedError, EntityJson, Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { cedarSchema } from '../facts/cedar-schema.ts';
import { cedarInstance, EngineBreakdown } from './cedar-instance.ts';

export type { DetailedError, EntityJson, Expr, PolicyJson };

export interface Failure {
  ok: false;
  errors: DetailedError[];
  /** The engine broke down or cannot be asked now: another time there may be another answer. */
  isBreakdown: boolean;
}

/** A failure over what was asked. */
export const toRefusal = (errors: DetailedError[]): Failure => ({ ok: false, errors, isBreakdown: false });

const toFailure = (error: unknown): Failure => {
  const isBreakdown = error instanceof EngineBreakdown;
  const message = error instanceof Error && !isBreakdown ? error.message : 'the policy engine failed';
  return { ok: false, errors: [{ message, help: isBreakdown ? 'Try again.' : null, code: null, url: null, severity: null }], isBreakdown };
};

// Cedar's WebAssembly throws where text is not well-formed Unicode or nested too deeply; everything here answers instead.

/** Texts of the statements in the order they stand in the source. Templates are told apart: they are no statements until somebody links them. */
export function splitStatements(cedar: string): { ok: true; statements: string[]; templates: string[] } | Failure {
  try {
    const parts = cedarInstance.ask(() => cedar, ({ policySetTextToParts }) => policySetTextToParts(cedar));
    if (parts.type === 'failure') return toRefusal(parts.errors);
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
    const answer = cedarInstance.ask(() => statement, ({ policyToJson }) => policyToJson(statement));
    return answer.type === 'success' ? { ok: true, json: answer.json } : toRefusal(answer.errors);
  } catch (error) {
    return toFailure(error);
  }
}

/** What the schema has against a text that parses: errors, and warnings such as a condition that never holds. */
export function validateAgainstSchema(cedar: string): { ok: true; errors: DetailedError[]; warnings: DetailedError[] } | Failure {
  try {
    const answer = cedarInstance.ask(() => cedar, ({ validate }) => validate({ schema: cedarSchema, policies: { staticPolicies: cedar } }));
    if (answer.type === 'failure') return toRefusal(answer.errors);
    return { ok: true, errors: answer.validationErrors.map(({ error }) => error), warnings: [...answer.validationWarnings.map(({ error }) => error), ...answer.otherWarnings] };
  } catch (error) {
    return toFailure(error);
  }
}

/** Keeps a set of statements in the engine under a number. Sets cannot be removed, only replaced: numbers are used again. */
export function loadStatements(slot: number, statements: Record<string, PolicyJson>): { ok: true } | Failure {
  try {
    const answer = cedarInstance.ask(() => JSON.stringify(statements), ({ preparsePolicySet }) => preparsePolicySet(String(slot), { staticPolicies: statements }));
    return answer.type === 'success' ? { ok: true } : toRefusal(answer.errors);
  } catch (error) {
    return toFailure(error);
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

/**
 * Names of the statements (all of them permits) that hold, and those that could not be evaluated with why.
 * @param subject what is asked of which statements, as a text of its own: numbers of sets change.
 */
export function evaluate(slot: number, { agentId, toolName, action, context, entities }: Evaluation, subject: string): { ok: true; holding: string[]; failing: { name: string; message: string }[] } | Failure {
  try {
    const answer = cedarInstance.ask(() => subject, ({ statefulIsAuthorized }) => statefulIsAuthorized({
      principal: { type: 'Agent', id: agentId }, action: { type: 'Action', id: action }, resource: { type: 'Tool', id: toolName },
      context: context as never, entities, preparsedPolicySetId: String(slot), validateRequest: false,
    }));
    if (answer.type === 'failure') return toRefusal(answer.errors);
    const { reason, errors } = answer.response.diagnostics;
    return { ok: true, holding: reason, failing: errors.map(({ policyId, error }) => ({ name: policyId, message: error.message })) };
  } catch (error) {
    return toFailure(error);
  }
}
