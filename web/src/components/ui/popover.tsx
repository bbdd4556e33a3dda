import { Popover as PopoverPrimitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

export const Popover = PopoverPrimitive.Root;
export const PopoverTrigger = PopoverPrimitive.Trigger;

export const PopoverContent = ({ className, sideOffset = 4, ...props }: ComponentProps<typeof PopoverPrimitive.Content>) => (
  <PopoverPrimitive.Portal>
    <PopoverPrimitive.Content
      sideOffset={sideOffset}
      collisionPadding={8}
      className={cn('z-50 w-80 max-w-[calc(100vw-16px)] rounded-card border bg-popover p-4 text-foreground shadow-overlay animate-panel', className)}
      {...props}
    />
  </PopoverPrimitive.Portal>
);
