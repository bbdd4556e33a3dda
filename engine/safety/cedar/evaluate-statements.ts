import { createHash } from 'node:crypto';
import { isRecord } from '../../../platform/json.ts';
import type { CallEntities } from '../facts/entities-of.ts';
import type { FactValue } from '../facts/fact-catalogue.ts';
import { type FactReading, readFact } from '../facts/read-facts.ts';
import type { PolicyQuestion } from '../policy.ts';
import { evaluate, type EntityJson, type Failure } from './cedar-engine.ts';
import type { Statement } from './compile-policy.ts';
import { slotOf } from './loaded-statements.ts';

/** Statements that are evaluated together. */
export interface StatementGroup {
  key: string;
  statements: readonly Statement[];
  facts: readonly string[];
  usesAgent: boolean;
  usesTool: boolean;
  usesAction: boolean;
}

/** A question whose facts are read once, however many statements ask for them. */
export interface AskedCall {
  question: PolicyQuestion;
  entities: CallEntities;
  read(name: string): FactReading;
  /** The engine broke down over it. It is asked nothing more for this call, so that one call breaks it once. */
  breakdown?: Failure;
}

/** A question made ready to be asked of many statements. */
export function toAskedCall(question: PolicyQuestion, entities: CallEntities): AskedCall {
  const readings = new Map<string, FactReading>();
  return {
    question, entities,
    read(name) {
      const known = readings.get(name) ?? readFact(name, question);
      readings.set(name, known);
      return known;
    },
  };
}

const union = (sets: Iterable<ReadonlySet<string>>): string[] => [...new Set([...sets].flatMap((set) => [...set]))];

/** Puts statements together, once for many calls. */
export function toGroup(statements: readonly Statement[]): StatementGroup {
  return {
    // By content: the same conditions in another set, or after another change, are loaded already.
    key: createHash('sha256').update(JSON.stringify(statements.map(({ conditions }) => conditions))).digest('base64'),
    statements, facts: union(statements.map(({ reads }) => reads.facts)),
    usesAgent: statements.some(({ reads }) => reads.usesAgent), usesTool: statements.some(({ reads }) => reads.usesTool), usesAction: statements.some(({ reads }) => reads.usesAction),
  };
}

const allOf = (facts: PolicyQuestion['facts'], kind: 'arguments' | 'numbers'): [string, FactValue][] => {
  const given = facts[kind];
  const type = kind === 'arguments' ? 'string' : 'number';
  return isRecord(given) ? Object.entries(given).filter((entry): entry is [string, string | number] => typeof entry[1] === type && (type === 'string' || Number.isSafeInteger(entry[1]))) : [];
};

/** What Cedar is given of a call: the facts these statements read and no others, because handing over facts costs more than evaluating. */
function toRequest(group: StatementGroup, { question, entities, read }: AskedCall): { context: Record<string, unknown>; entities: EntityJson[] } {
  const parts: Record<'context' | 'agent' | 'run' | 'arguments' | 'numbers', [string, FactValue][]> = { context: [], agent: [], run: [], arguments: [], numbers: [] };
  const used = new Set<keyof typeof parts>();
  for (const name of group.facts) {
    const dot = name.indexOf('.');
    const part = (dot < 0 ? 'context' : name.slice(0, dot)) as keyof typeof parts;
    used.add(part);
    if (name.endsWith('.*') && (part === 'arguments' || part === 'numbers')) parts[part].push(...allOf(question.facts, part));
    else {
      const reading = read(name);
      if (reading.state === 'known') parts[part]?.push([name.slice(dot + 1), reading.value]);
    }
  }
  const tagged = (part: 'arguments' | 'numbers', type: string): EntityJson[] => (used.has(part) ? [{ uid: { type, id: 'call' }, attrs: {}, parents: [], tags: Object.fromEntries(parts[part]) }] : []);
  const { agent, tool } = entities;
  return {
    context: {
      ...Object.fromEntries(parts.context), ...(used.has('run') ? { run: Object.fromEntries(parts.run) } : {}),
      ...(used.has('arguments') ? { arguments: { __entity: { type: 'Arguments', id: 'call' } } } : {}), ...(used.has('numbers') ? { numbers: { __entity: { type: 'Numbers', id: 'call' } } } : {}),
    },
    entities: [
      ...tagged('arguments', 'Arguments'), ...tagged('numbers', 'Numbers'),
      ...(group.usesAgent ? [{ uid: { type: 'Agent', id: agent.id }, attrs: Object.fromEntries(parts.agent), parents: agent.parents }] : []),
      ...(group.usesTool ? [{ uid: { type: 'Tool', id: tool.id }, attrs: { name: tool.id }, parents: tool.parents }] : []),
    ],
  };
}

/** Which of the statements hold for an action, and which could not be evaluated. */
export interface GroupOutcome {
  holding: Statement[];
  failing: { statement: Statement; message: string }[];
}

type Answer = ReturnType<typeof evaluate>;

/**
 * Answers to equal requests: a draft is judged beside the same policies that are live, and what agents do repeats itself. Answers follow
 * from statements and facts alone, so none goes stale.
 */
const answers = new Map<string, Answer>();
const maxAnswers = 10_000;
/** Longer requests are rarely the same twice. */
const maxKeyCharacters = 2_000;

function answerOf(group: StatementGroup, call: AskedCall, action: 'use' | 'use_unattended'): Answer {
  const request = toRequest(group, call);
  const [agentId, toolName] = [call.entities.agent.id, call.question.toolName];
  const key = JSON.stringify([group.key, group.usesAction ? action : '', group.usesAgent ? agentId : '', group.usesTool ? toolName : '', request]);
  const known = answers.get(key) ?? call.breakdown;
  if (known !== undefined) return known;
  const loaded = slotOf(group.key, group.statements.map(({ conditions }) => conditions));
  const answer = loaded.ok ? evaluate(loaded.slot, { agentId, toolName, action, ...request }, key) : loaded;
  if (!answer.ok && answer.isBreakdown) {
    call.breakdown = answer;
    return answer;
  }
  if (key.length > maxKeyCharacters) return answer;
  // Cheaper than to keep them in order: what repeats itself is soon there again.
  if (answers.size >= maxAnswers) answers.clear();
  answers.set(key, answer);
  return answer;
}

/** Evaluates the conditions of statements whose scope fits. A statement that cannot be evaluated does not keep the others from it. */
export function evaluateGroup(group: StatementGroup, call: AskedCall, action: 'use' | 'use_unattended'): GroupOutcome {
  const answer = answerOf(group, call, action);
  if (answer.ok) {
    const find = (name: string): Statement[] => group.statements.slice(Number(name), Number(name) + 1);
    return { holding: answer.holding.flatMap(find), failing: answer.failing.flatMap(({ name, message }) => find(name).map((statement) => ({ statement, message }))) };
  }
  const [only, ...others] = group.statements;
  if (only === undefined) return { holding: [], failing: [] };
  if (others.length === 0) return { holding: [], failing: [{ statement: only, message: answer.errors[0]?.message ?? 'the policy engine cannot read it' }] };
  const outcomes = group.statements.map((statement) => evaluateGroup(toGroup([statement]), call, action));
  return { holding: outcomes.flatMap(({ holding }) => holding), failing: outcomes.flatMap(({ failing }) => failing) };
}
