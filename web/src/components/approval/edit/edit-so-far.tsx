import { PencilLine } from 'lucide-react';
import { ArgumentChanges } from '../arguments/argument-changes.tsx';
import type { Arguments } from '../arguments/argument-items.ts';

/** What an approver changed before the next one looks: below it stands the edited call. */
export const EditSoFar = ({ before, after }: { before: Arguments; after: Arguments }) => (
  <div className="flex flex-col gap-2 rounded-control border border-waiting-solid p-3">
    <p className="flex items-center gap-2 text-row font-medium"><PencilLine aria-hidden className="size-4 shrink-0" />An approver has edited what the agent proposed</p>
    <ArgumentChanges before={before} after={after} />
  </div>
);
