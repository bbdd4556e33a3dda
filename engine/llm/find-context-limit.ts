/** How servers word the number of tokens a model takes, in an error about a conversation that is longer. */
const wordings: readonly RegExp[] = [
  /exceeds? context limit: [\d,]+ \+ [\d,]+ > (\d[\d,]*)/i,
  /context (?:length|window|size|limit)(?: of| is|:)?(?: only)? (\d[\d,]*)/i,
  /context size \((\d[\d,]*)/i,
  /> (\d[\d,]*) maximum/i,
  /\bn_ctx\b\D{0,10}(\d[\d,]*)/i,
  /(?:maximum|limit) (?:of|is) (\d[\d,]*) tokens/i,
];

/** The model's limit in tokens, where an error about a conversation too long names it. */
export function findContextLimit(message: string): number | undefined {
  for (const wording of wordings) {
    const found = wording.exec(message)?.[1];
    const tokens = found === undefined ? Number.NaN : Number(found.replaceAll(',', ''));
    if (tokens > 0) return tokens;
  }
  return undefined;
}

/** Whether an error's words are about a conversation too long for the model; compatible servers have no code for it. */
export const isAboutContext = (message: string): boolean =>
  /prompt is too long|maximum context|context (?:length|window|size|limit)|too many tokens|exceed_context_size|context the overflows/i.test(message);
