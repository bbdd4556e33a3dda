const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', middot: '·', bull: '•', laquo: '«', raquo: '»' };

function toCharacter(entity: string): string | undefined {
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(entity) ?? [];
  if (hex === undefined && decimal === undefined) return entities[entity.toLowerCase()];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}

/**
 * Plain text of a title or snippet, which engines send with emphasis and entities in it: tags and comments gone, entities read once,
 * spaces collapsed, and no character left that cannot be seen and turns text round or hides some of it from people (controls,
 * bidirectional marks, tags, selectors). Joiners stay: scripts and emoji are made with them.
 */
export const toPlainText = (html: string): string =>
  html
    .replace(/<!--.*?-->|<\/?[a-z][^<>]*>/gis, '')
    .replace(/&(#?[a-z0-9]{1,10});/gi, (whole, entity: string) => toCharacter(entity) ?? whole)
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/(?![\u200C\u200D])[\p{Cc}\p{Cf}\u{E0100}-\u{E01EF}]/gu, '')
    .trim();
