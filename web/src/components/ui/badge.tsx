import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** A small neutral word beside a name ("Demo", "Scripted"). States and risks have marks of their own. */
export const Badge = ({ className, ...props }: ComponentProps<'span'>) => (
  <span data-slot="chip" className={cn('inline-flex h-5 shrink-0 items-center gap-1 rounded-full bg-muted px-2 text-caption font-medium text-foreground', className)} {...props} />
);
