// Lives here: named secrets, where they may go, and keeping them out of everything people and models read.
// Does not: the keys of connections to models and data sources, which stand with those; encryption itself (platform/secret-box.ts).
export { isHostMatch } from './host-match.ts';
export type { Secrets } from './secrets.ts';
