import { AlertDialog as AlertDialogPrimitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';
import { overlayClass } from './dialog.tsx';
import { useFocusReturn } from './use-focus-return.ts';

export const AlertDialog = AlertDialogPrimitive.Root;
export const AlertDialogCancel = AlertDialogPrimitive.Cancel;

/** Drawn while the question is open alone. */
const Panel = ({ onCloseAutoFocus, ...props }: ComponentProps<typeof AlertDialogPrimitive.Content>) => <AlertDialogPrimitive.Content {...props} onCloseAutoFocus={useFocusReturn(onCloseAutoFocus)} />;

/** A question that must be answered: not closed by pressing beside it, and Cancel has the focus first. */
export const AlertDialogContent = ({ className, ...props }: ComponentProps<typeof AlertDialogPrimitive.Content>) => (
  <AlertDialogPrimitive.Portal>
    <AlertDialogPrimitive.Overlay className={overlayClass} />
    <div className="fixed inset-0 z-50 flex items-center justify-center p-4 pointer-events-none max-sm:items-end max-sm:p-0">
      <Panel
        className={cn('pointer-events-auto flex max-h-full w-full max-w-md flex-col gap-4 overflow-y-auto rounded-card border bg-popover p-6 text-foreground shadow-overlay animate-panel max-sm:rounded-b-none max-sm:p-4', className)}
        {...props}
      />
    </div>
  </AlertDialogPrimitive.Portal>
);

export const AlertDialogTitle = ({ className, ...props }: ComponentProps<typeof AlertDialogPrimitive.Title>) => (
  <AlertDialogPrimitive.Title className={cn('text-title font-semibold', className)} {...props} />
);

export const AlertDialogDescription = ({ className, ...props }: ComponentProps<typeof AlertDialogPrimitive.Description>) => (
  <AlertDialogPrimitive.Description className={cn('text-body text-muted-foreground', className)} {...props} />
);
