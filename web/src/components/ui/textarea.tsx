import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';
import { controlClass } from './input.tsx';

export const Textarea = ({ className, ...props }: ComponentProps<'textarea'>) => (
  <textarea className={cn(controlClass, 'min-h-20 py-2 field-sizing-content max-h-96', className)} {...props} />
);
