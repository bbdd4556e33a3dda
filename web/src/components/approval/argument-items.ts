type Json = unknown;
export type Arguments = Record<string, Json>;

/** How one argument is shown: in a line, as prose, as code, as a list of single values, or as JSON. */
export type ItemKind = 'line' | 'prose' | 'code' | 'list' | 'json';

/** One argument as an approver reads it. Every argument of a call becomes exactly one item. */
export interface ArgumentItem {
  key: string;
  label: string;
  kind: ItemKind;
  value: Json;
}

type Layout = readonly (readonly [key: string, label: string, kind: ItemKind])[];

/** The order and form in which a tool's arguments are read; what is not named here follows after it. */
const layouts: Record<string, Layout> = {
  send_email: [
    ['from', 'From', 'line'], ['to', 'To', 'list'], ['cc', 'Cc', 'list'], ['bcc', 'Bcc', 'list'], ['reply_to', 'Reply to', 'list'],
    ['subject', 'Subject', 'line'], ['text', 'Body', 'prose'], ['body', 'Body', 'prose'], ['html', 'HTML body', 'code'],
  ],
  run_sql: [['data_source', 'Data source', 'line'], ['sql', 'SQL', 'code'], ['query', 'SQL', 'code'], ['parameters', 'Parameters', 'json']],
  http_request: [['method', 'Method', 'line'], ['url', 'Address', 'line'], ['headers', 'Headers', 'json'], ['body', 'Body', 'code']],
  execute_python: [['code', 'Python', 'code'], ['inputs', 'Inputs', 'json']],
  web_search: [['query', 'Search for', 'line']],
};

const isScalar = (value: Json): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Whether a value can be shown in the wished form; what does not fit is shown as JSON, so that nothing is bent. */
const fits = (value: Json, kind: ItemKind): boolean => {
  switch (kind) {
    case 'line': return isScalar(value) && !/\n/.test(String(value));
    case 'prose':
    case 'code': return typeof value === 'string';
    case 'list': return (Array.isArray(value) && value.length > 0 && value.every(isScalar)) || (isScalar(value) && value !== null);
    case 'json': return true;
  }
};

const kindOf = (value: Json): ItemKind => {
  if (typeof value === 'string') return value.includes('\n') || value.length > 200 ? 'prose' : 'line';
  return isScalar(value) ? 'line' : 'json';
};

const toLabel = (key: string): string => {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The arguments of a call in reading order, each exactly once, none left out. */
export const toArgumentItems = (toolName: string, args: Arguments): ArgumentItem[] => {
  const layout = Object.hasOwn(layouts, toolName) ? layouts[toolName] ?? [] : [];
  const named = layout
    .filter(([key]) => key in args)
    .map(([key, label, kind]): ArgumentItem => ({ key, label, kind: fits(args[key], kind) ? kind : kindOf(args[key]), value: args[key] }));
  const known = new Set(layout.map(([key]) => key));
  const others = Object.keys(args)
    .filter((key) => !known.has(key))
    .map((key): ArgumentItem => ({ key, label: toLabel(key), kind: kindOf(args[key]), value: args[key] }));
  return [...named, ...others];
};
