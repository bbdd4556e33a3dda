import { RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';
import { Button } from './ui/button.tsx';

/** One version in a list of them: the whole row shows it, a button of its own brings it back. */
export const VersionRow = ({ version, isShown, badges, onShow, wayBack, children }: {
  version: number;
  isShown: boolean;
  badges: ReactNode;
  onShow: () => void;
  /** Undefined: it is what counts now, or the reader may not change that. */
  wayBack: { word: string; label: string; onPress: () => void } | undefined;
  children: ReactNode;
}) => (
  <li className={cn('relative flex items-start gap-3 border-b p-3 last:border-b-0 hover:bg-muted', isShown && 'bg-primary/8')}>
    <div className="min-w-0 flex-1">
      <button type="button" onClick={onShow} aria-pressed={isShown} className="text-left text-body font-medium after:absolute after:inset-0 after:content-[''] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring">Version {version}</button>
      {badges}
      {children}
    </div>
    {wayBack !== undefined && <Button variant="outline" size="small" className="relative z-10" onClick={wayBack.onPress} aria-label={wayBack.label}><RotateCcw aria-hidden />{wayBack.word}</Button>}
  </li>
);
