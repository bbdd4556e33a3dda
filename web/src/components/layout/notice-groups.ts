/** More than this many within the span become one notice. */
const groupAbove = 3;
const groupSpanMs = 10_000;

export interface ShownNotice {
  id: string;
  at: number;
}

/**
 * The notices of the last ten seconds with one more, and whether they are too many to be shown one by one.
 * The same request twice (an event sent again after a break) counts once.
 */
export const addNotice = (recent: readonly ShownNotice[], notice: ShownNotice): { recent: ShownNotice[]; isGrouped: boolean } => {
  const next = [...recent.filter(({ id, at }) => notice.at - at < groupSpanMs && id !== notice.id), notice];
  return { recent: next, isGrouped: next.length > groupAbove };
};
