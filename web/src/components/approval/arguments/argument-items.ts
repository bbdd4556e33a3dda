import { isRecord } from '@/lib/is-record.ts';

type Json = unknown;
export type Arguments = Record<string, Json>;

/**
 * How one argument is shown: in a line, as prose, as code, as a list of single values, or as JSON. `address` is a URL, `headers` lines of
 * a request, `verbatim` a body whose every space counts, `html` a page that is drawn inert, `files` attachments, `inputs` variables of a
 * program, `recipients` people who get a message.
 */
export type ItemKind = 'line' | 'prose' | 'code' | 'list' | 'json' | 'address' | 'headers' | 'verbatim' | 'html' | 'files' | 'inputs' | 'recipients';

/** One argument as an approver reads it. Every argument of a call becomes exactly one item. */
export interface ArgumentItem {
  key: string;
  label: string;
  kind: ItemKind;
  value: Json;
  /** What the tool's schema says of it, where that is somebody else's. */
  about?: string;
}

type Layout = readonly (readonly [key: string, label: string, kind: ItemKind])[];

/** The order and form in which a tool's arguments are read; what is not named here follows after it. */
const layouts: Record<string, Layout> = {
  send_email: [
    ['from', 'From', 'line'], ['to', 'To', 'recipients'], ['cc', 'Cc', 'recipients'], ['bcc', 'Bcc, hidden from the others', 'recipients'], ['reply_to', 'Answers go to', 'line'],
    ['subject', 'Subject', 'line'], ['text', 'Text', 'prose'], ['html', 'HTML', 'html'], ['attachments', 'Attachments', 'files'],
  ],
  run_sql: [['data_source', 'Data source', 'line'], ['query', 'SQL', 'code'], ['max_rows', 'Rows at most', 'line']],
  http_request: [['method', 'Method', 'line'], ['url', 'Address', 'address'], ['headers', 'Headers', 'headers'], ['body', 'Body', 'verbatim'], ['max_redirects', 'Redirects followed', 'line']],
  execute_python: [['code', 'Python', 'code'], ['inputs', 'Inputs', 'inputs'], ['timeout_seconds', 'Seconds at most', 'line']],
  web_search: [['query', 'Search for', 'line'], ['count', 'Results wanted', 'line']],
};

/** Whether the form of this tool's arguments is known here; of others their schema says what there is to know. */
export const isKnownTool = (toolName: string): boolean => Object.hasOwn(layouts, toolName);

const isOneLine = (text: string): boolean => !/[\r\n]/.test(text);
const isScalar = (value: Json): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Whether a value can be shown in the wished form; what does not fit is shown as JSON, so that nothing is bent. */
const fits = (value: Json, kind: ItemKind): boolean => {
  switch (kind) {
    case 'line': return isScalar(value) && isOneLine(String(value));
    case 'prose':
    case 'code':
    case 'verbatim':
    case 'html': return typeof value === 'string';
    case 'address': return typeof value === 'string' && URL.canParse(value) && isOneLine(value);
    case 'headers': return isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every((text) => typeof text === 'string');
    case 'files': return Array.isArray(value) && value.length > 0 && value.every((file) => isRecord(file) && typeof file.file === 'string' && Object.keys(file).every((key) => key === 'file' || (key === 'name' && typeof file.name === 'string')));
    case 'inputs': return isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isRecord);
    case 'recipients': return Array.isArray(value) && value.length > 0 && value.every((address) => typeof address === 'string');
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

/** What the schema of somebody else's tool says of each argument, in its order. */
const describedIn = (schema: Record<string, Json> | undefined): Map<string, { about?: string }> => {
  const properties = isRecord(schema?.properties) ? schema.properties : {};
  return new Map(Object.entries(properties).map(([key, property]) => [key, isRecord(property) && typeof property.description === 'string' && property.description.trim() !== '' ? { about: property.description } : {}]));
};

/**
 * The arguments of a call in reading order, each exactly once, none left out. `schema`: of a tool whose form is not known here; its order
 * and its descriptions are used, its titles are not, since a label must not call an argument something else than it is.
 */
export const toArgumentItems = (toolName: string, args: Arguments, schema?: Record<string, Json>): ArgumentItem[] => {
  const layout = isKnownTool(toolName) ? (layouts[toolName] ?? []) : [];
  const named = layout
    .filter(([key]) => Object.hasOwn(args, key))
    .map(([key, label, kind]): ArgumentItem => ({ key, label, kind: fits(args[key], kind) ? kind : kindOf(args[key]), value: args[key] }));
  const described = isKnownTool(toolName) ? new Map<string, { about?: string }>() : describedIn(schema);
  const known = new Set(layout.map(([key]) => key));
  const others = [...new Set([...described.keys(), ...Object.keys(args)])]
    .filter((key) => Object.hasOwn(args, key) && !known.has(key))
    .map((key): ArgumentItem => ({ key, label: isKnownTool(toolName) ? toLabel(key) : key, kind: kindOf(args[key]), value: args[key], ...described.get(key) }));
  return [...named, ...others];
};
