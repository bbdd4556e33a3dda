import { isRecord } from '../../../platform/json.ts';
import { facts } from '../facts/fact-catalogue.ts';

/** What conditions look at. */
export interface Reads {
  /** Names of facts; `arguments.*` and `numbers.*` where the name of the argument is not written out. */
  facts: Set<string>;
  /** Types of the entities a side is compared with, where it stands by itself: `principal in Tag::"x"`. */
  entityTypes: Set<string>;
  usesAgent: boolean;
  usesTool: boolean;
  /** What holds for `use` may not hold for `use_unattended`. */
  usesAction: boolean;
}

const contextFacts = facts.map(({ name }) => name).filter((name) => !name.startsWith('agent.'));
const agentFacts = facts.map(({ name }) => name).filter((name) => name.startsWith('agent.'));
const argumentFacts = ['arguments.*', 'numbers.*'];

/** `context.run.tokens` → `['context', 'run', 'tokens']`; undefined for anything but a chain of attributes of a variable. */
function pathOf(expression: unknown): string[] | undefined {
  if (!isRecord(expression)) return undefined;
  if (typeof expression['Var'] === 'string') return [expression['Var']];
  const access = expression['.'];
  if (!isRecord(access) || typeof access['attr'] !== 'string') return undefined;
  const left = pathOf(access['left']);
  return left === undefined ? undefined : [...left, access['attr']];
}

const literalText = (expression: unknown): string | undefined => (isRecord(expression) && typeof expression['Value'] === 'string' ? expression['Value'] : undefined);

function notePath(reads: Reads, [variable, ...path]: string[]): void {
  const [first, second] = path;
  const add = (names: readonly string[]): void => names.forEach((name) => reads.facts.add(name));
  if (variable === 'action') reads.usesAction = true;
  else if (variable === 'resource') reads.usesTool = true;
  else if (variable === 'principal') {
    reads.usesAgent = true;
    // By itself it may be asked for any attribute: `(if … then principal else principal).name`.
    add(first === undefined ? agentFacts : [`agent.${first}`]);
  } else if (first === undefined) add([...contextFacts, ...argumentFacts]);
  else if (first === 'run') add(second === undefined ? contextFacts.filter((name) => name.startsWith('run.')) : [`run.${second}`]);
  else if (first === 'arguments' || first === 'numbers') add([`${first}.${second ?? '*'}`]);
  else add([first]);
}

function visit(reads: Reads, expression: unknown): void {
  if (Array.isArray(expression)) for (const item of expression) visit(reads, item);
  if (!isRecord(expression)) return;
  const path = pathOf(expression);
  if (path !== undefined) return notePath(reads, path);
  const { Value: value, has, getTag, hasTag, Record: record, is } = expression;
  if (isRecord(value) && isRecord(value['__entity'])) {
    reads.entityTypes.add(String(value['__entity']['type']));
    return;
  }
  if (isRecord(is)) reads.entityTypes.add(String(is['entity_type']));
  if (isRecord(has)) {
    const left = pathOf(has['left']);
    if (left === undefined) visit(reads, has['left']);
    else notePath(reads, [...left, ...[has['attr']].flat().map(String)]);
    return;
  }
  const tag = getTag ?? hasTag;
  if (isRecord(tag)) {
    const [left, name] = [pathOf(tag['left']), literalText(tag['right'])];
    if (left !== undefined && name !== undefined) return notePath(reads, [...left, name]);
  }
  // The keys of a record are its author's words, not Cedar's.
  for (const inner of Object.values(isRecord(record) ? record : expression)) visit(reads, inner);
}

/** What these conditions look at, without evaluating them. Whatever cannot be told apart counts as read. */
export function readsOf(conditions: unknown): Reads {
  const reads: Reads = { facts: new Set(), entityTypes: new Set(), usesAgent: false, usesTool: false, usesAction: false };
  visit(reads, conditions);
  return reads;
}
