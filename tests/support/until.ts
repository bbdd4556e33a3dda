/**
 * Asks again until the answer is neither undefined, null nor false, and returns it. Errors of the question are answers too when
 * they are the last word. Not a sleep: it returns as soon as the condition holds.
 */
export async function until<Answer>(what: string, ask: () => Promise<Answer | undefined | null | false> | Answer | undefined | null | false, options: { timeoutMs?: number; everyMs?: number } = {}): Promise<Answer> {
  const { timeoutMs = 60_000, everyMs = 50 } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s for: ${what}`, { cause: lastError });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
