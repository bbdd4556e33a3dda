// Drafts judged against what was decided: from the ledger alone, no model and no tool is run. Judging itself is engine/safety's.
export { cancelBackTest } from './cancel-back-test.ts';
export { carryOutBackTest } from './carry-out-back-test.ts';
export { type BackTestEnding, endBackTest } from './end-back-test.ts';
export { getBackTest, listBackTestDecisions, listBackTests } from './read-back-tests.ts';
export type { BackTestRunner } from './runner.ts';
export { startBackTest } from './start-back-test.ts';
export { sweepBackTest } from './sweep-back-test.ts';
