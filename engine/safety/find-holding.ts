import type { Statement } from './cedar/compile-policy.ts';
import { type AskedCall, evaluateGroup, toAskedCall } from './cedar/evaluate-statements.ts';
import type { Standing } from './cedar/scope.ts';
import { entitiesOf, toEntityKey } from './facts/entities-of.ts';
import { findFact } from './facts/fact-catalogue.ts';
import type { PolicyQuestion } from './policy.ts';
import type { Cell, StatementIndex } from './statement-index.ts';

/** What the statements about a call come to. */
export interface Holding {
  use: Statement[];
  use_unattended: Statement[];
  /** About this call, but not holding for any action of theirs. */
  missed: Statement[];
  /** About this call, or perhaps so, and not decided for certain: they want what the record lacks or garbles. They may hold or be missed as well. */
  uncertain: Statement[];
  /** Statements that could not be evaluated, with why. */
  failing: { statement: Statement; message: string }[];
  /** Facts that statements about this call read and that should be there and are not, or are not what they should be; by name. */
  problems: Map<string, { message: string; isMissing: boolean }>;
}

const standingOf = ({ entities }: AskedCall): Standing => ({
  agent: new Set([toEntityKey({ type: 'Agent', id: entities.agent.id }), ...entities.agent.parents.map(toEntityKey)]),
  tool: new Set([toEntityKey({ type: 'Tool', id: entities.tool.id }), ...entities.tool.parents.map(toEntityKey)]),
  unknownTypes: new Set(entities.problems.map(({ entityType }) => entityType)),
});

/** Whether a fact comes from the arguments of the call, which may not be known yet. */
const isOfArguments = (name: string): boolean => {
  const fact = findFact(name);
  return fact === undefined || fact.tools.length > 0 || /^(arguments|numbers)\.|^(mcp_|argument_)|^copied_from$/.test(name);
};

function noteProblems(holding: Holding, call: AskedCall, { cell, isCertain }: { cell: Cell; isCertain: boolean }): void {
  const { statements, facts } = cell.conditional;
  const types = new Set([...(isCertain ? [] : cell.scope.flatMap(({ anyOf }) => anyOf.map(({ type }) => type))), ...statements.flatMap(({ reads }) => [...reads.entityTypes])]);
  const wrongTypes = new Set<string>();
  for (const { entityType, fact, problem, isMissing } of call.entities.problems) {
    if (!types.has(entityType)) continue;
    wrongTypes.add(entityType);
    holding.problems.set(fact, { message: problem, isMissing });
  }
  if (!isCertain) {
    holding.uncertain.push(...cell.unconditional, ...statements);
    return;
  }
  const wrongFacts = new Set<string>();
  for (const name of facts) {
    const reading = call.read(name);
    if (reading.state !== 'missing' && reading.state !== 'unusable') continue;
    wrongFacts.add(name);
    holding.problems.set(name, { message: reading.problem, isMissing: reading.state === 'missing' });
  }
  if (wrongTypes.size + wrongFacts.size > 0) holding.uncertain.push(...statements.filter(({ reads }) => [...reads.facts].some((name) => wrongFacts.has(name)) || [...reads.entityTypes].some((type) => wrongTypes.has(type))));
}

function addCell(holding: Holding, call: AskedCall, cell: Cell, isUndecided: (statement: Statement) => boolean): void {
  const { conditional, unconditional } = cell;
  const outcomeOf = (action: 'use' | 'use_unattended') => (conditional.statements.length === 0 ? { holding: [], failing: [] } : evaluateGroup(conditional, call, action));
  const first = outcomeOf('use');
  // Conditions rarely look at the action; then what holds for one holds for the other.
  const outcomes = { use: first, use_unattended: conditional.usesAction ? outcomeOf('use_unattended') : first };
  const decided = new Set<Statement>();
  const failing = new Map<Statement, string>();
  for (const action of ['use', 'use_unattended'] as const) {
    for (const statement of [...unconditional, ...outcomes[action].holding]) {
      if (!statement.scope.actions[action] || isUndecided(statement)) continue;
      holding[action].push(statement);
      decided.add(statement);
    }
    for (const { statement, message } of outcomes[action].failing) if (statement.scope.actions[action] && !isUndecided(statement)) failing.set(statement, message);
  }
  holding.failing.push(...[...failing].map(([statement, message]) => ({ statement, message })));
  holding.missed.push(...conditional.statements.filter((statement) => !decided.has(statement)));
}

/** Evaluates the statements about a call. Never throws. */
export function findHolding(index: StatementIndex, question: PolicyQuestion): Holding {
  const call = toAskedCall(question, entitiesOf(question));
  const holding: Holding = { use: [], use_unattended: [], missed: [], uncertain: [], failing: [], problems: new Map() };
  const isBeforeArguments = question.isBeforeArguments === true;
  const isUndecided = (statement: Statement): boolean => isBeforeArguments && [...statement.reads.facts].some(isOfArguments);
  for (const found of index.cellsFor(standingOf(call))) {
    if (!isBeforeArguments) noteProblems(holding, call, found);
    if (found.isCertain) addCell(holding, call, found.cell, isUndecided);
    else holding.missed.push(...found.cell.unconditional, ...found.cell.conditional.statements);
  }
  return holding;
}
