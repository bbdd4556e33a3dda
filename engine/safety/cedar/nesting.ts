import { withoutTexts } from './source-text.ts';

/**
 * What Cedar's parser is given at most, per statement. It recurses on the stack of its WebAssembly: 300 brackets inside one another, or a chain
 * of some thousand `["a"]`, seen with 4.13.0, leave it unusable.
 */
const maxBrackets = 50;
const maxOperators = 300;
/** Levels of a condition's JSON; Cedar reads 128 with what is around them. */
const maxLevels = 100;

const hint = 'Write several conditions one after another: when { … } when { … }; or several statements.';

/** Why a text must not be handed to Cedar; undefined when it may. */
export function tooDeepText(cedar: string): { message: string; help: string } | undefined {
  for (const statement of withoutTexts(cedar).split(';')) {
    let [depth, deepest] = [0, 0];
    for (const character of statement) {
      if ('([{'.includes(character)) deepest = Math.max(deepest, ++depth);
      else if (')]}'.includes(character)) depth -= 1;
    }
    if (deepest > maxBrackets) return { message: `More than ${maxBrackets} brackets stand inside one another.`, help: hint };
    if ((statement.match(/&&|\|\||[-+*.![]|\bif\b/g) ?? []).length > maxOperators) return { message: `One statement has more than ${maxOperators} operators.`, help: hint };
  }
  return undefined;
}

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, levelsOf(inner));
  return deepest + 1;
}

/** Why a parsed condition is too deep to be evaluated; undefined when it is not. */
export const tooDeepCondition = (body: unknown): { message: string; help: string } | undefined =>
  levelsOf(body) > maxLevels ? { message: 'One condition is a chain of too many comparisons.', help: hint } : undefined;
