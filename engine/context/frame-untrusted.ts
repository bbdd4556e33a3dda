import { createHash } from 'node:crypto';

/**
 * Fences off text nobody vouches for. The fence carries a hash of the text between, so that no text can contain its own closing
 * fence, and the same text always gets the same fence, which keeps prompts cacheable.
 */
export function frameUntrusted(text: string): string {
  const seal = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `<untrusted-data seal="${seal}">\n${text}\n</untrusted-data seal="${seal}">`;
}
