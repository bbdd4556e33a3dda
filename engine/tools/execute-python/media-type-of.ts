import { unknownMediaType } from '../../../platform/media-type.ts';

/** By extension, what programs usually write. @see https://www.iana.org/assignments/media-types (2026-11) */
const mediaTypes = new Map(Object.entries({
  csv: 'text/csv', tsv: 'text/tab-separated-values', txt: 'text/plain', log: 'text/plain', md: 'text/markdown', html: 'text/html', htm: 'text/html', css: 'text/css',
  json: 'application/json', jsonl: 'application/jsonl', ndjson: 'application/x-ndjson', xml: 'application/xml', yaml: 'application/yaml', yml: 'application/yaml', py: 'text/x-python',
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', svg: 'image/svg+xml', bmp: 'image/bmp',
  pdf: 'application/pdf', zip: 'application/zip', gz: 'application/gzip', tar: 'application/x-tar', sqlite: 'application/vnd.sqlite3', db: 'application/vnd.sqlite3', parquet: 'application/vnd.apache.parquet',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}));

/** Media type of a file by its name; `unknownMediaType` when the extension tells nothing. */
export const mediaTypeOf = (fileName: string): string => mediaTypes.get(/\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '') ?? unknownMediaType;
