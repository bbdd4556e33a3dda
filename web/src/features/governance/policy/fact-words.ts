import type { PolicyFact } from '@contracts/policy-words.ts';

/** Types of values as people say them. */
export const typeWords: Record<PolicyFact['type'], string> = { text: 'text', number: 'whole number', boolean: 'yes or no', text_set: 'set of texts' };

/** Type of a fact, the tools whose calls have it, and whether the text has to ask for it first. */
export const traitsOf = ({ type, tools, is_always_known: isAlwaysKnown }: PolicyFact): string =>
  [typeWords[type], ...(tools.length > 0 ? [tools.join(', ')] : []), ...(isAlwaysKnown ? [] : ['ask with “has” first'])].join(' · ');
