const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

const escapeText = (text: string): string =>
  text.toWellFormed().replaceAll(/[\\"\u0000-\u001F\u007F-\u009F]/g, (character) => escapes[character] ?? `\\u{${character.codePointAt(0)?.toString(16) ?? '0'}}`);

/** A text as Cedar writes it; behind `like` every star in it is a wildcard. */
export const toCedarText = (text: string): string => `"${escapeText(text)}"`;

/** A literal of the form's values. */
export const toCedarLiteral = (value: string | number | boolean | readonly string[]): string =>
  typeof value === 'string' ? toCedarText(value) : Array.isArray(value) ? `[${value.map(toCedarText).join(', ')}]` : String(value);

/** `Tag::"finance"` */
export const toCedarEntity = ({ type, id }: { type: string; id: string }): string => `${type}::${toCedarText(id)}`;

const isIdentifier = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !['true', 'false', 'if', 'then', 'else', 'in', 'like', 'has', 'is', '__cedar'].includes(name);

/** `.name`, or `["odd name"]`. */
export const toCedarAccess = (name: string): string => (isIdentifier(name) ? `.${name}` : `[${toCedarText(name)}]`);
/** What stands behind `has`. */
export const toCedarAttribute = (name: string): string => (isIdentifier(name) ? name : toCedarText(name));
