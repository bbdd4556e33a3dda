/** Family and version in a name such as `claude-opus-4-7` or `claude-haiku-4-5-20251001`; undefined for other names. */
function versionOf(model: string): { family: string; version: number } | undefined {
  const [, family, major, minor] = /^claude-(opus|sonnet|haiku|fable|mythos)-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(model) ?? [];
  return family === undefined ? undefined : { family, version: Number(major) + Number(minor ?? 0) / 10 };
}

/**
 * How a model takes thinking, by its name: `always` thinks by itself, `adaptive` when asked to, `budget` within a number of tokens.
 * A name that is not known takes a budget, as the API's older models and compatible servers do.
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking (2026-11)
 */
export function thinkingOf(model: string): { byItself: boolean; adaptive: boolean; budget: boolean; effort: boolean } {
  const found = versionOf(model);
  if (found === undefined) return { byItself: false, adaptive: false, budget: true, effort: true };
  const { family, version } = found;
  return {
    byItself: version >= 5,
    adaptive: version >= 4.6,
    budget: version < 4.7,
    effort: version >= 4.6 || (family === 'opus' && version >= 4.5),
  };
}

/** The API demands a limit; this one only where the agent sets none. Thinking shares it. */
export const defaultMaxTokens = (model: string, thinkingBudget = 0): number => (thinkingOf(model).byItself ? 32_000 : 8_192 + thinkingBudget);
