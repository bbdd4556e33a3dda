import { X } from 'lucide-react';
import { Dialog as SheetPrimitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';
import { Button } from './button.tsx';
import { overlayClass } from './dialog.tsx';
import { useFocusReturn } from './use-focus-return.ts';

export const Sheet = SheetPrimitive.Root;

const sides = {
  left: 'inset-y-0 left-0 h-full w-72 max-w-[85vw] border-r animate-sheet-left',
  right: 'inset-y-0 right-0 h-full w-full max-w-xl border-l animate-sheet-right',
  bottom: 'inset-x-0 bottom-0 max-h-[90dvh] rounded-t-card border-t animate-sheet-bottom',
};

/** Drawn while the sheet is open alone. */
const Panel = ({ onCloseAutoFocus, ...props }: ComponentProps<typeof SheetPrimitive.Content>) => <SheetPrimitive.Content {...props} onCloseAutoFocus={useFocusReturn(onCloseAutoFocus)} />;

/** A panel that slides in from one side of the screen. Give it a {@link SheetTitle}. */
export const SheetContent = ({ className, side = 'right', children, ...props }: ComponentProps<typeof SheetPrimitive.Content> & { side?: keyof typeof sides }) => (
  <SheetPrimitive.Portal>
    <SheetPrimitive.Overlay className={overlayClass} />
    <Panel className={cn('fixed z-50 flex flex-col gap-4 overflow-y-auto bg-popover p-4 text-foreground shadow-overlay', sides[side], className)} {...props}>
      {children}
      <SheetPrimitive.Close asChild>
        <Button variant="ghost" size="icon-small" aria-label="Close" className="absolute top-3 right-3">
          <X aria-hidden />
        </Button>
      </SheetPrimitive.Close>
    </Panel>
  </SheetPrimitive.Portal>
);

export const SheetTitle = ({ className, ...props }: ComponentProps<typeof SheetPrimitive.Title>) => (
  <SheetPrimitive.Title className={cn('pr-8 text-title font-semibold', className)} {...props} />
);

export const SheetDescription = ({ className, ...props }: ComponentProps<typeof SheetPrimitive.Description>) => (
  <SheetPrimitive.Description className={cn('text-body text-muted-foreground', className)} {...props} />
);
