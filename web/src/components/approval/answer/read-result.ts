const looksLikeJson = (text: string): boolean => /^[[{"]/.test(text) || /^(true|false|null|-?\d)/.test(text);

/**
 * What somebody typed as the result of a tool: JSON where it is JSON, else text. What begins like an object, a list or a quoted text and is
 * none is refused: it was meant as JSON.
 */
export const readResult = (text: string): { ok: true; value: unknown; isText: boolean } | { ok: false; message: string } => {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, message: 'Write what came of it; the agent reads it.' };
  if (!looksLikeJson(trimmed)) return { ok: true, value: text, isText: true };
  try {
    return { ok: true, value: JSON.parse(trimmed) as unknown, isText: false };
  } catch (error) {
    if (!/^[[{"]/.test(trimmed)) return { ok: true, value: text, isText: true };
    return { ok: false, message: `This begins like JSON and is not valid: ${error instanceof Error ? error.message : String(error)}` };
  }
};
