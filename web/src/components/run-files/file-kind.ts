import type { OutputFile } from '@contracts/run-files.ts';

/** Pictures that are pixels and nothing else. An SVG is a document, so it is text here. */
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const textTypes = /^(text\/.+|application\/(json|xml|yaml|x-yaml|x-ndjson|toml|sql|javascript)|image\/svg\+xml|[^;]+\+(json|xml))$/;

/** Up to here an image is shown without being asked for; larger ones and texts only on demand. */
const maxImageBytes = 10_000_000;
const maxTextBytes = 256_000;

/** How a file can be looked at in the page: as an image, as text, or only after a download. */
export const previewOf = ({ media_type: mediaType, bytes }: Pick<OutputFile, 'media_type' | 'bytes'>): 'image' | 'text' | 'none' => {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  if (imageTypes.has(type)) return bytes <= maxImageBytes ? 'image' : 'none';
  return textTypes.test(type) && bytes <= maxTextBytes ? 'text' : 'none';
};
