import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** A block of the size the content will have; drawn after 150 ms. Announced by the block around it, not by itself. */
export const Skeleton = ({ className, ...props }: ComponentProps<'div'>) => (
  <div aria-hidden className={cn('appear-late rounded-control bg-muted', className)} {...props} />
);
