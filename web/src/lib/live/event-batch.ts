/** Collects items and hands them on together at most once per `intervalMs`; the first after a pause goes at once. */
export const createBatcher = <Item>(deliver: (items: Item[]) => void, intervalMs = 250): { add: (item: Item) => void; stop: () => void } => {
  let items: Item[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let deliveredAt = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    timer = undefined;
    const batch = items;
    items = [];
    deliveredAt = performance.now();
    if (batch.length > 0) deliver(batch);
  };
  return {
    add(item) {
      items.push(item);
      // A timer and not an animation frame: background tabs get no frames.
      timer ??= setTimeout(flush, Math.max(0, deliveredAt + intervalMs - performance.now()));
    },
    stop() {
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
      items = [];
    },
  };
};
