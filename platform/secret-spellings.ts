/** A value nobody may read, and the words that stand in its place. */
export interface KnownSecret {
  /** `{{secret:github}}`, `[password of DATABASE_URL]`. */
  label: string;
  value: string;
  /** Who signs in with it, where that is known. */
  user?: string | undefined;
  /** The value is no secret by itself (`postgres`, `ollama`): it is hidden only where it stands as `user:password`, as are short ones. */
  isGuessable?: boolean;
}

/** Shorter values are left alone: they stand in any text by chance, and hiding them would spoil more than it keeps. */
export const shortestSecret = 6;
/** Lines of a secret that has several (a private key) are hidden one by one from this length on. */
const shortestLine = 16;

const attempt = (spell: () => string): string[] => {
  try {
    return [spell()];
  } catch {
    return []; // encodeURI refuses lone surrogates
  }
};

/** The characters of the base64 of a longer text that follow from these bytes alone, for each place they may begin at. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const core = text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    const urlSafe = core.replaceAll('+', '-').replaceAll('/', '_');
    return [core, urlSafe, encodeURIComponent(core), core.replaceAll('/', '\\/')];
  });
}

const toHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
const toAsciiJson = (json: string): string => json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const toJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const toLowerPercents = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const toUserInfo = (text: string): string => {
  const url = new URL('http://user@host');
  url.password = text;
  return url.password;
};

/** What a value looks like in texts, addresses, JSON, HTML, headers and dumps. */
function spell(value: string): string[] {
  const bytes = Buffer.from(value);
  const json = [toJson(value), toAsciiJson(toJson(value)), toJson(value).replaceAll('/', '\\/')];
  const percents = [...attempt(() => encodeURIComponent(value)), ...attempt(() => encodeURI(value)), new URLSearchParams({ v: value }).toString().slice(2), ...attempt(() => toUserInfo(value))];
  return [
    value, value.normalize('NFC'), value.normalize('NFD'), ...json, ...json.map(toJson), toHtml(value), ...percents, ...percents.map(toLowerPercents),
    bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64Cores(bytes),
  ];
}

const longEnough = (spellings: readonly string[]): string[] => [...new Set(spellings)].filter((spelling) => spelling.length >= shortestSecret);

/** Every usual spelling of a secret, of at least {@link shortestSecret} characters each; none of a value too short to hide. */
export function spellingsOf({ value, user, isGuessable = false }: KnownSecret): string[] {
  const trimmed = value.trim();
  if (isGuessable || trimmed.length < shortestSecret) {
    if (user === undefined || user === '') return [];
    return longEnough([...spell(`${user}:${value}`), `${encodeURIComponent(user)}:${encodeURIComponent(value)}`]);
  }
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const ownLines = lines.length === 1 ? [] : lines.filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
  return longEnough([...[value, trimmed].flatMap(spell), ...ownLines]);
}
