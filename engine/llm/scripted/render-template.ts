import { AppError } from '../../../contracts/errors.ts';
import type { Json } from '../../tools/tool.ts';

/** What templates may name: the goal, the turn, and each step's calls with their outcomes. */
export type Scope = { [key: string]: Json };

/** The value at a dotted path, own properties only; undefined where there is none. */
export function findAt(scope: Json, path: string): Json | undefined {
  let value: Json | undefined = scope;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, Json>)[key];
  }
  return value;
}

function getAt(scopes: readonly Json[], path: string): Json {
  for (const scope of scopes) {
    const value = findAt(scope, path);
    if (value !== undefined) return value;
  }
  // Final on purpose: another attempt at the same script finds the same gap.
  throw new AppError('LLM_REQUEST_INVALID', `The script names "${path}", which the conversation does not have.`);
}

const toText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** `{{#list}}…{{/list}}` repeats for each item, `{{path}}` inserts a value; inside a list, paths start at the item. */
function renderText(text: string, scopes: readonly Json[]): string {
  const withLists = text.replace(/\{\{#([\w.]+)\}\}\n?([\s\S]*?)\{\{\/\1\}\}\n?/g, (_whole, path: string, body: string) => {
    const list = getAt(scopes, path);
    // Filled-in items are taken out of the next pass, lest a ticket's text be read as a template.
    return Array.isArray(list) ? list.map((item) => protect(renderText(body, [item, ...scopes]))).join('') : '';
  });
  return withLists.replace(/\{\{([\w.]+)\}\}/g, (_whole, path: string) => toText(getAt(scopes, path)));
}

const protect = (text: string): string => text.replaceAll('{{', '{\u0000{');
const unprotect = (text: string): string => text.replaceAll('{\u0000{', '{{');

/** A template filled in: texts by {@link renderText}; a text that is one `{{path}}` alone becomes the value itself, of any type. */
export function renderTemplate(template: Json, scope: Scope): Json {
  if (typeof template === 'string') {
    const alone = /^\{\{([\w.]+)\}\}$/.exec(template);
    return alone === null ? unprotect(renderText(template, [scope])) : getAt([scope], alone[1] as string);
  }
  if (Array.isArray(template)) return template.map((item) => renderTemplate(item, scope));
  if (typeof template === 'object' && template !== null) return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, renderTemplate(item, scope)]));
  return template;
}
