import type { Embeddings } from './embeddings.ts';

const dimensions = 512;
/** Reading more of a text costs time and changes its direction little. */
const maxCharacters = 20_000;

/** FNV-1a of 32 bits. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  // The low bits choose the place and the high bit the sign, so they must not go together.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** Words in lower case without accents: "Größen" and "grossen" share most of their letters afterwards. */
const wordsOf = (text: string): string[] => text.slice(0, maxCharacters).normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Short words are mostly grammar. */
const weightOfWord = (word: string): number => (word.length <= 3 && !/\p{N}/u.test(word) ? 0.3 : 1);

function toFeatures(text: string): Map<string, number> {
  const features = new Map<string, number>();
  const add = (feature: string, weight: number): void => {
    features.set(feature, (features.get(feature) ?? 0) + weight);
  };
  const words = wordsOf(text);
  words.forEach((word, index) => {
    const weight = weightOfWord(word);
    add(`w ${word}`, weight);
    const next = words[index + 1];
    if (next !== undefined) add(`p ${word} ${next}`, 0.5 * Math.min(weight, weightOfWord(next)));
    // Parts of words bring "analyse" and "analysis" together.
    const framed = `^${word}$`;
    for (let start = 0; start + 3 <= framed.length; start++) add(`c ${framed.slice(start, start + 3)}`, (0.6 * weight) / Math.sqrt(framed.length));
  });
  return features;
}

function embedText(text: string): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const [feature, weight] of toFeatures(text)) {
    const hash = hashOf(feature);
    const place = hash % dimensions;
    // The logarithm keeps one word repeated a hundred times from drowning the rest; signs let collisions cancel out.
    vector[place] = (vector[place] ?? 0) + (hash >= 0x80000000 ? -1 : 1) * Math.log1p(weight);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

/**
 * An embedding from words, pairs of words and letter triples hashed into 512 places. It finds texts that *say* the same with the
 * same or similar words; it knows nothing of meaning. Needs no key, no network and no model file, and is the same everywhere.
 */
export const createLocalLexicalEmbeddings = (): Embeddings => ({
  model: 'local-lexical-1',
  isLocal: true,
  minSimilarity: 0.12,
  embed: (texts) => Promise.resolve(texts.map(embedText)),
});
