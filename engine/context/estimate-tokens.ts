/**
 * Tokens of a text, estimated without a tokenizer: about four characters of English or JSON, one for each character of scripts that
 * tokenizers split finely (CJK, emoji). Meant to err on the high side; the caller leaves a margin for the rest.
 */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x2e7f) wide++;
  return Math.ceil((text.length - wide) / 4) + wide;
}
