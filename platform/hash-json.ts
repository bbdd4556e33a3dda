import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * sha-256 in hex of a value's canonical JSON, so that equal values have equal hashes whatever the order of their keys.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export const hashJson = (value: unknown): string =>
  createHash('sha256').update(canonicalize(value) ?? 'undefined').digest('hex');
