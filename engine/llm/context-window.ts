import type { LlmProvider } from '../../contracts/agents.ts';

/**
 * Tokens of input a model takes, by the start of its name; the first that fits counts.
 * @see https://developers.openai.com/api/docs/models and https://platform.claude.com/docs/en/about-claude/models/overview (2026-11)
 */
const windows: Record<LlmProvider, readonly (readonly [prefix: RegExp, tokens: number])[]> = {
  openai: [
    [/^gpt-(6|5\.6)/, 922_000],
    [/^gpt-5\.4-(mini|nano)/, 272_000],
    [/^gpt-5/, 272_000],
    [/^gpt-4\.1/, 1_000_000],
    [/^(gpt-4o|gpt-4-turbo|o1|o3|o4)/, 128_000],
    // A compatible server serves models of any size under any name. Too small costs old turns, too large ends the run.
    [/^/, 32_000],
  ],
  anthropic: [
    [/^claude-(opus|sonnet|haiku|fable|mythos)-5/, 1_000_000],
    [/^claude-(opus-4-[678]|sonnet-4-6)/, 1_000_000],
    [/^claude-/, 200_000],
    [/^/, 32_000],
  ],
  scripted: [[/^/, 200_000]],
};

/** Tokens the model reads at most; a careful guess for models that are not known. */
export const contextWindowOf = (provider: LlmProvider, model: string): number =>
  (windows[provider].find(([prefix]) => prefix.test(model)) as readonly [RegExp, number])[1];

/** Whether a model's window is known and not guessed. */
export const isKnownModel = (provider: LlmProvider, model: string): boolean => windows[provider].find(([prefix]) => prefix.test(model))?.[0].source !== '^';
