import type { PolicyConflict } from '@contracts/policies.ts';
import { RelativeTime } from '@/components/figures.tsx';
import { DiffRows } from '@/components/text-diff/diff-rows.tsx';
import { diffLines } from '@/components/text-diff/line-diff.ts';
import { Button } from '@/components/ui/button.tsx';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';

/** What somebody else made of the policy in the meantime, beside what was about to be saved; nothing is overwritten unread. */
const ConflictDialog = ({ theirs, mine, onTakeTheirs, onKeepMine, onClose }: { theirs: PolicyConflict; mine: { name: string; cedar: string }; onTakeTheirs: () => void; onKeepMine: () => void; onClose: () => void }) => {
  const text = theirs.draft_cedar ?? theirs.cedar ?? '';
  const rows = diffLines(text, mine.cedar);
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="max-w-4xl">
        <DialogHeader>
          <DialogTitle>{theirs.changed_by.name} changed this policy</DialogTitle>
          <DialogDescription asChild>
            <div>
              Changed <RelativeTime at={theirs.changed_at} />, after you opened it{theirs.live_version !== null && <> (version {theirs.live_version} is live)</>}. Nothing of yours was saved yet, and nothing of theirs is lost.
            </div>
          </DialogDescription>
        </DialogHeader>
        {theirs.name !== mine.name && <p className="text-row">The name: theirs is “{theirs.name}”, yours “{mine.name}”.</p>}
        <div className="grid grid-cols-2 text-caption font-medium text-muted-foreground"><span className="px-2">Theirs <span aria-hidden>−</span></span><span className="px-2">Yours <span aria-hidden>+</span></span></div>
        <div tabIndex={0} role="region" aria-label="Their text and yours" className="max-h-[50vh] overflow-y-auto rounded-control border py-1 font-mono">
          {rows.every(({ kind }) => kind === 'same') ? <p className="px-3 py-2 font-sans text-row">The texts are the same.</p> : <DiffRows rows={rows} />}
        </div>
        <DialogFooter>
          <Button onClick={onKeepMine}>Keep mine and save it over theirs</Button>
          <Button variant="outline" onClick={onTakeTheirs}>Take theirs</Button>
          <Button variant="ghost" onClick={onClose}>Go back to the text</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
};

export default ConflictDialog;
