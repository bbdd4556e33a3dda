/** Carries back-tests out on the durable side, so that a restart loses none. Throws TEMPORAL_UNAVAILABLE. */
export interface BackTestRunner {
  start(backTestId: string): Promise<void>;
  cancel(backTestId: string): Promise<void>;
}
