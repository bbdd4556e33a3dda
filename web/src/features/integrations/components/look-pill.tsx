import type { LucideIcon } from 'lucide-react';
import { pillClass } from '@/components/state-pill.tsx';
import { cn } from '@/lib/cn.ts';

/** How a state looks and what it is called. */
export interface Look {
  word: string;
  icon: LucideIcon;
  tint: string;
}

/** A state as icon, word and tint. */
export const LookPill = ({ look: { word, icon: Icon, tint } }: { look: Look }) => <span data-slot="pill" className={cn(pillClass, tint)}><Icon aria-hidden className="size-3.5" />{word}</span>;
