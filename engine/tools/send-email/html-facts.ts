// What policy and people are told of the HTML of a message. It is sent as it was approved, so nothing is removed: these are signs, read
// generously, because a hidden picture that is told for nothing costs less than one that is not told.

const namedReferences: Record<string, string> = { colon: ':', tab: '\t', newline: '\n', lpar: '(', sol: '/' };

/** Character references decoded as far as they could hide an address or the name of a scheme. */
const decode = (html: string): string =>
  html.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(colon|tab|newline|lpar|sol));?/gi, (reference, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return namedReferences[name.toLowerCase()] ?? reference;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : reference;
  });

/** Attributes that make a mail program fetch something, unless what they name comes with the message. */
const fetchingAttribute = /[\s"'/](?:src|srcset|background|poster|data|lowsrc|dynsrc|longdesc|xlink:href)\s*=\s*["']?(?!\s*["']?(?:cid|data):)/i;
const fetchingElement = /<(?:link|base|iframe|frame|object|embed|image|use|feimage|portal)\b|<meta\b[^>]{0,2000}\brefresh\b/i;
// A backslash in a style may spell `url` or `@import` in a way that only a style sheet parser reads.
const fetchingStyle = /url\(\s*["']?(?!\s*["']?(?:data|cid):)|@import|image-set\(|\\[0-9a-f]/i;
const script = /<script|<iframe|<object|<embed|[\s"'/]on[a-z]{2,30}\s*=/i;
const scriptScheme = /(?:java|vb|live)script:/i;

/** Whether the HTML may have something fetched from elsewhere when it is read, which tells the sender that and where it was read. */
export const hasRemoteContent = (html: string): boolean => {
  const text = decode(html);
  return fetchingAttribute.test(text) || fetchingElement.test(text) || fetchingStyle.test(text);
};

/** Whether the HTML may bring code along. Mail programs run none; one that does must be known. */
export const hasScript = (html: string): boolean => {
  const text = decode(html);
  // Browsers skip control characters and line breaks within a scheme.
  return script.test(text) || scriptScheme.test(text.replaceAll(/[\p{Cc}\s]/gu, ''));
};
