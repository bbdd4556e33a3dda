import { AppError } from '../../../contracts/errors.ts';
import { clip } from '../../../platform/shorten.ts';
import type { Json } from '../tool.ts';

const maxKeysShown = 30;
const maxShown = 60;

/** A step of a JSON pointer as it is written. @see https://www.rfc-editor.org/rfc/rfc6901 */
export const toPointerStep = (key: string | number): string => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
const fromPointerStep = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** What there is instead of the step that leads nowhere, so that a model can choose another. */
function describeSteps(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'It is an empty list.' : `It is a list of ${value.length} items, 0 to ${value.length - 1}.`;
  if (typeof value !== 'object' || value === null) return `It is ${value === null ? 'null' : `a ${typeof value}`} and has no parts.`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'It is an empty object.' : `It has ${keys.slice(0, maxKeysShown).map((key) => JSON.stringify(clip(key, maxShown))).join(', ')}${keys.length > maxKeysShown ? ` and ${keys.length - maxKeysShown} more keys` : ''}.`;
}

const notFound = (step: string, at: string, value: Json): AppError =>
  new AppError('TOOL_INPUT_INVALID', `There is no ${JSON.stringify(clip(step, maxShown))} ${at === '' ? 'at the top of the result' : `at "${clip(at, maxShown)}"`}. ${describeSteps(value)}`);

function childOf(value: Json, step: string): Json | undefined {
  if (Array.isArray(value)) return /^(0|[1-9]\d{0,9})$/.test(step) ? value[Number(step)] : undefined;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** `rows[3].body` as its steps. */
const dottedSteps = (path: string): string[] => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.').filter((step, index) => step !== '' || index > 0);

/** Follows dots, of which some may be part of a key: the shortest key that exists is tried first. */
function followDots(value: Json, steps: readonly string[], at: string): { value: Json; at: string } | AppError {
  if (steps.length === 0) return { value, at };
  let failure: AppError | undefined;
  for (let count = 1; count <= steps.length; count++) {
    const step = steps.slice(0, count).join('.');
    const child = childOf(value, step);
    if (child === undefined) continue;
    const found = followDots(child, steps.slice(count), at + toPointerStep(step));
    if (!(found instanceof AppError)) return found;
    failure ??= found;
  }
  return failure ?? notFound(steps[0] as string, at, value);
}

/**
 * The part of a value a path leads to, with its JSON pointer. `path` is a JSON pointer (`/rows/3/body`) or dotted (`rows.3.body`,
 * `rows[3].body`); empty: the whole. Throws TOOL_INPUT_INVALID, naming what there is instead.
 */
export function findPath(whole: Json, path: string): { value: Json; at: string } {
  if (!path.startsWith('/')) {
    // `$` is how JSONPath names the whole.
    const found = followDots(whole, dottedSteps(path.replace(/^\$\.?/, '')), '');
    if (found instanceof AppError) throw found;
    return found;
  }
  let value = whole;
  let at = '';
  for (const step of path.slice(1).split('/').map(fromPointerStep)) {
    const child = childOf(value, step);
    if (child === undefined) throw notFound(step, at, value);
    value = child;
    at += toPointerStep(step);
  }
  return { value, at };
}
