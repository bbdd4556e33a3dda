/** Sees to it that what was queued is delivered, on the durable side. */
export interface Notifier {
  /** To be called after the transaction that queued something. Never throws: what was not woken is found by the sweeper. */
  wake(): Promise<void>;
}
