/** A list with the item at `from` at place `to` instead; a place outside changes nothing. */
export const moveItem = <Item>(items: readonly Item[], from: number, to: number): Item[] => {
  if (to < 0 || to >= items.length || from < 0 || from >= items.length) return [...items];
  const moved = items.toSpliced(from, 1);
  moved.splice(to, 0, items[from] as Item);
  return moved;
};
