import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { Input } from '../ui/input.tsx';

/** Pause in typing after which the filter is applied. */
const typingMs = 250;

/** Words a list is filtered by. They live in the address: `applied` is what stands there. */
export const SearchFilter = ({ label, applied = '', onApply }: { label: string; applied: string | undefined; onApply: (text: string) => void }) => {
  const [text, setText] = useState(applied);
  // Follows the address: Back and Clear change the words from outside.
  const [lastApplied, setLastApplied] = useState(applied);
  if (applied !== lastApplied) {
    setLastApplied(applied);
    if (applied !== text.trim()) setText(applied);
  }
  const apply = useEffectEvent(onApply);
  useEffect(() => {
    if (text.trim() === applied) return undefined;
    const timer = setTimeout(() => apply(text.trim()), typingMs);
    return () => clearTimeout(timer);
  }, [text, applied]);
  return (
    <span className="relative col-span-full sm:w-64">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
      <Input data-filter type="search" aria-label={label} placeholder={label} value={text} maxLength={200} onChange={(event) => setText(event.target.value)} className="pl-9" />
    </span>
  );
};
