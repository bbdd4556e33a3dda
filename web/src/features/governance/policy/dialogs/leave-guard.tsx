import { useBlocker } from '@tanstack/react-router';
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogTitle } from '@/components/ui/alert-dialog.tsx';
import { Button } from '@/components/ui/button.tsx';

/** Asks before unsaved words are left behind: for another page, and for another site or a closed tab, where the browser asks. */
export const LeaveGuard = ({ isUnsaved }: { isUnsaved: () => boolean }) => {
  const blocker = useBlocker({
    // Another view of the same policy keeps what is typed.
    shouldBlockFn: ({ current, next }) => isUnsaved() && current.pathname !== next.pathname,
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  return (
    <AlertDialog open={blocker.status === 'blocked'} onOpenChange={(isOpen) => !isOpen && blocker.reset?.()}>
      <AlertDialogContent>
        <AlertDialogTitle>Leave without saving?</AlertDialogTitle>
        <AlertDialogDescription>What you changed of this policy is not saved as a draft yet.</AlertDialogDescription>
        <div className="flex flex-row-reverse flex-wrap gap-3">
          <Button variant="destructive" onClick={() => blocker.proceed?.()}>Leave and lose it</Button>
          <AlertDialogCancel asChild><Button variant="outline">Stay</Button></AlertDialogCancel>
        </div>
      </AlertDialogContent>
    </AlertDialog>
  );
};
