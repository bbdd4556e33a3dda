import { Check } from 'lucide-react';
import { DropdownMenu as MenuPrimitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** Not modal: hiding the page from screen readers while the focus may still go to it helps nobody. */
export const DropdownMenu = (props: ComponentProps<typeof MenuPrimitive.Root>) => <MenuPrimitive.Root modal={false} {...props} />;
export const DropdownMenuTrigger = MenuPrimitive.Trigger;
export const DropdownMenuRadioGroup = MenuPrimitive.RadioGroup;

export const DropdownMenuContent = ({ className, sideOffset = 4, ...props }: ComponentProps<typeof MenuPrimitive.Content>) => (
  <MenuPrimitive.Portal>
    <MenuPrimitive.Content
      sideOffset={sideOffset}
      collisionPadding={8}
      className={cn('z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-card border bg-popover p-1 text-foreground shadow-overlay animate-panel', className)}
      {...props}
    />
  </MenuPrimitive.Portal>
);

const itemClass =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-2 text-body outline-none select-none max-sm:min-h-11 data-disabled:cursor-not-allowed data-disabled:opacity-60 data-highlighted:bg-muted data-highlighted:outline-2 data-highlighted:-outline-offset-2 data-highlighted:outline-ring [&_svg:not([class*='size-'])]:size-4";

export const DropdownMenuItem = ({ className, isDestructive = false, ...props }: ComponentProps<typeof MenuPrimitive.Item> & { isDestructive?: boolean }) => (
  <MenuPrimitive.Item className={cn(itemClass, isDestructive && 'text-destructive', className)} {...props} />
);

export const DropdownMenuRadioItem = ({ className, children, ...props }: ComponentProps<typeof MenuPrimitive.RadioItem>) => (
  <MenuPrimitive.RadioItem className={cn(itemClass, 'pr-8 relative', className)} {...props}>
    {children}
    <MenuPrimitive.ItemIndicator className="absolute right-2">
      <Check aria-hidden />
    </MenuPrimitive.ItemIndicator>
  </MenuPrimitive.RadioItem>
);

export const DropdownMenuLabel = ({ className, ...props }: ComponentProps<typeof MenuPrimitive.Label>) => (
  <MenuPrimitive.Label className={cn('px-2 py-1.5 text-caption text-muted-foreground', className)} {...props} />
);

export const DropdownMenuSeparator = ({ className, ...props }: ComponentProps<typeof MenuPrimitive.Separator>) => (
  <MenuPrimitive.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />
);
