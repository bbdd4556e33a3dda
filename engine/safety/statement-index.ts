import type { CompiledPolicy, Statement } from './cedar/compile-policy.ts';
import { type StatementGroup, toGroup } from './cedar/evaluate-statements.ts';
import { isWithinScope, type ScopeGroup, type Standing } from './cedar/scope.ts';
import { type EntityKey, toEntityKey } from './facts/entities-of.ts';

/** Statements about the same calls. */
export interface Cell {
  scope: readonly ScopeGroup[];
  /** Those without conditions hold wherever the scope fits. */
  unconditional: readonly Statement[];
  conditional: StatementGroup;
}

/** Finds the statements about a call without looking at the others. */
export interface StatementIndex {
  /** Cells the call is in, and cells it may be in: the record does not say where it stands. */
  cellsFor(standing: Standing): { cell: Cell; isCertain: boolean }[];
}

const addTo = <Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void => {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
};

/**
 * An index of the statements by what their scopes name. A call is looked up by each entity it stands in; a cell is listed under the entities
 * of its first demand, so that it is found exactly when that demand may be met. Policies that stand apart share no cell with the others.
 */
export function createStatementIndex(policies: readonly { compiled: CompiledPolicy; isApart: boolean }[]): StatementIndex {
  const byScope = new Map<string, Statement[]>();
  for (const { compiled, isApart } of policies) {
    for (const statement of compiled.ok ? compiled.statements : []) {
      // A scope no call fits, or without an action, decides nothing.
      if (statement.scope.groups !== undefined && (statement.scope.actions.use || statement.scope.actions.use_unattended)) addTo(byScope, JSON.stringify([isApart, statement.scope.groups]), statement);
    }
  }
  const everywhere: Cell[] = [];
  const byEntity = new Map<EntityKey, Cell[]>();
  const all: Cell[] = [];
  for (const statements of byScope.values()) {
    const scope = statements[0]?.scope.groups ?? [];
    const cell: Cell = { scope, unconditional: statements.filter(({ conditions }) => conditions.length === 0), conditional: toGroup(statements.filter(({ conditions }) => conditions.length > 0)) };
    all.push(cell);
    const [first] = scope;
    if (first === undefined) everywhere.push(cell);
    else for (const key of new Set(first.anyOf.map(toEntityKey))) addTo(byEntity, key, cell);
  }
  return {
    cellsFor(standing) {
      const found = standing.unknownTypes.size > 0 ? all : new Set([...everywhere, ...[...standing.agent, ...standing.tool].flatMap((key) => byEntity.get(key) ?? [])]);
      return [...found].flatMap((cell) => {
        const answer = isWithinScope(cell.scope, standing);
        return answer === 'no' ? [] : [{ cell, isCertain: answer === 'yes' }];
      });
    },
  };
}
