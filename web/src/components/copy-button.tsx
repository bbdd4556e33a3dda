import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { announce } from './layout/live-region.tsx';
import { Button } from './ui/button.tsx';

/** Copies `text` and says so. `label` names what is copied: "Copy run id". */
export const CopyButton = ({ text, label, isIconOnly = true, className }: { text: string; label: string; isIconOnly?: boolean; className?: string }) => {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState('copied');
      announce('Copied.');
    } catch {
      // Only secure pages may write to the clipboard; the text stays selectable.
      setState('failed');
      announce('The browser does not allow copying here.', 'assertive');
    }
  };
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <Button variant={isIconOnly ? 'ghost' : 'outline'} size={isIconOnly ? 'icon-small' : 'small'} onClick={copy} aria-label={isIconOnly ? label : undefined} title={isIconOnly ? label : undefined} className={className}>
      <Icon aria-hidden />
      {!isIconOnly && (state === 'copied' ? 'Copied' : state === 'failed' ? 'Not allowed here' : label)}
    </Button>
  );
};
