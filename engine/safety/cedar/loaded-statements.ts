import { type Failure, loadStatements, type PolicyJson } from './cedar-engine.ts';
import { cedarInstance } from './cedar-instance.ts';

/** Statements the engine holds at once. It keeps what it was given until something else takes its number, so the bound is ours to keep. */
const maxStatements = 10_000;
/** Characters of their JSON together: one statement may be as long as a policy, and takes some fifteen bytes for each. */
const maxCharacters = 10_000_000;

/** What is loaded, the least lately used first: by what the statements say, so that sets that share them share the work. */
const loaded = new Map<string, { slot: number; size: number; characters: number }>();
const freeSlots: number[] = [];
let statementCount = 0;
let characterCount = 0;
let nextSlot = 0;
let { generation } = cedarInstance;

/** Another instance of the engine has nothing of this. Numbers go on, so that one from before means nothing there rather than other statements. */
function forgetOtherInstance(): void {
  if (generation === cedarInstance.generation) return;
  ({ generation } = cedarInstance);
  loaded.clear();
  freeSlots.length = 0;
  statementCount = 0;
  characterCount = 0;
}

function unloadFirst(): void {
  const first = loaded.entries().next().value;
  if (first === undefined) return;
  const [key, { slot, size, characters }] = first;
  loaded.delete(key);
  loadStatements(slot, {});
  freeSlots.push(slot);
  statementCount -= size;
  characterCount -= characters;
}

/** Statements as the engine has them: conditions alone, since whether a scope fits is known already. All permit, so that one answer names all that hold. */
const toPermit = (conditions: PolicyJson['conditions']): PolicyJson => ({ effect: 'permit', principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' }, conditions });

/** Makes sure that the engine has these statements; returns the number they go by until it is next asked for one. Their names are their places in the list. */
export function slotOf(key: string, conditions: readonly PolicyJson['conditions'][]): { ok: true; slot: number } | Failure {
  forgetOtherInstance();
  const known = loaded.get(key);
  if (known !== undefined) {
    loaded.delete(key);
    loaded.set(key, known);
    return { ok: true, slot: known.slot };
  }
  const characters = JSON.stringify(conditions).length;
  while ((statementCount + conditions.length > maxStatements || characterCount + characters > maxCharacters) && loaded.size > 0) unloadFirst();
  const slot = freeSlots.pop() ?? nextSlot++;
  const answer = loadStatements(slot, Object.fromEntries(conditions.map((each, index) => [index, toPermit(each)])));
  if (!answer.ok) {
    freeSlots.push(slot);
    return answer;
  }
  loaded.set(key, { slot, size: conditions.length, characters });
  statementCount += conditions.length;
  characterCount += characters;
  return { ok: true, slot };
}
