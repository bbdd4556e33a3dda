// Lives here: named secrets, where they may go, keeping them out of everything people and models read, and sealing all that is kept under another key.
// Does not: the keys of connections to models and data sources, which stand with those; encryption itself and the search for spellings (platform/).
export { createSecret, deleteSecret, updateSecret } from './change-secret.ts';
export { createSecrets } from './create-secrets.ts';
export { isHostMatch } from './host-match.ts';
export { toKeyHint } from './key-hint.ts';
export { listSecrets } from './read-secrets.ts';
export { resealAll, type ResealCounts, UnopenableValuesError } from './reseal.ts';
export { sealedFor } from './sealed-for.ts';
export type { Secrets } from './secrets.ts';
