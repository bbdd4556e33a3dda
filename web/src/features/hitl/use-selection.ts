import { useState } from 'react';

/** Requests chosen for deciding them together, by their ids. */
export interface Selection {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  clear: () => void;
}

/** What is selected in the queue; lasts as long as the page. */
export const useSelection = (): Selection => {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    ids,
    toggle: (id) => setIds((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    }),
    clear: () => setIds(new Set()),
  };
};
