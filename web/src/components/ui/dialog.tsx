import { X } from 'lucide-react';
import { Dialog as DialogPrimitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';
import { Button } from './button.tsx';
import { useFocusReturn } from './use-focus-return.ts';

export const Dialog = DialogPrimitive.Root;
export const DialogClose = DialogPrimitive.Close;

export const overlayClass = 'fixed inset-0 z-50 bg-[oklch(0_0_0/0.5)] animate-overlay';

/** Drawn while the dialog is open alone. */
const Panel = ({ onCloseAutoFocus, ...props }: ComponentProps<typeof DialogPrimitive.Content>) => <DialogPrimitive.Content {...props} onCloseAutoFocus={useFocusReturn(onCloseAutoFocus)} />;

/** A dialog in the middle of the page; traps focus and gives it back. Fills the width on phones. */
export const DialogContent = ({ className, children, ...props }: ComponentProps<typeof DialogPrimitive.Content>) => (
  <DialogPrimitive.Portal>
    <DialogPrimitive.Overlay className={overlayClass} />
    <div className="fixed inset-0 z-50 flex items-center justify-center p-4 max-sm:items-end max-sm:p-0 pointer-events-none">
      <Panel
        className={cn(
          'pointer-events-auto relative flex max-h-full w-full max-w-lg flex-col gap-4 overflow-y-auto rounded-card border bg-popover p-6 text-foreground shadow-overlay animate-panel max-sm:rounded-b-none max-sm:p-4',
          className,
        )}
        {...props}
      >
        {children}
        <DialogPrimitive.Close asChild>
          <Button variant="ghost" size="icon-small" aria-label="Close" className="absolute top-3 right-3">
            <X aria-hidden />
          </Button>
        </DialogPrimitive.Close>
      </Panel>
    </div>
  </DialogPrimitive.Portal>
);

export const DialogHeader = ({ className, ...props }: ComponentProps<'div'>) => (
  <div className={cn('flex flex-col gap-1 pr-8', className)} {...props} />
);

export const DialogFooter = ({ className, ...props }: ComponentProps<'div'>) => (
  <div className={cn('flex flex-row-reverse flex-wrap justify-start gap-3', className)} {...props} />
);

export const DialogTitle = ({ className, ...props }: ComponentProps<typeof DialogPrimitive.Title>) => (
  <DialogPrimitive.Title className={cn('text-title font-semibold', className)} {...props} />
);

export const DialogDescription = ({ className, ...props }: ComponentProps<typeof DialogPrimitive.Description>) => (
  <DialogPrimitive.Description className={cn('text-body text-muted-foreground', className)} {...props} />
);
