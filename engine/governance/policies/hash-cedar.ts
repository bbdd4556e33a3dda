import { createHash } from 'node:crypto';

/**
 * sha-256 in hex of a policy's text: a back-test counts for exactly the text with the same one. White space around it says nothing, and
 * comes and goes on the way over the API.
 */
export const hashCedar = (cedar: string): string => createHash('sha256').update(cedar.trim()).digest('hex');
