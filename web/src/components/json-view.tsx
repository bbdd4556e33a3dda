import { useState } from 'react';
import { cn } from '@/lib/cn.ts';
import { formatBytes } from '@/lib/format.ts';
import { CopyButton } from './copy-button.tsx';
import { Button } from './ui/button.tsx';
import { UntrustedText } from './untrusted-text.tsx';

/** Longer texts are cut on screen, with their size and a button for the rest. */
const previewLength = 64_000;

/** JSON as it is, indented, verbatim; hidden characters inside strings become marks. */
export const JsonView = ({ value, label = 'JSON', className }: { value: unknown; label?: string; className?: string }) => {
  const [isWhole, setIsWhole] = useState(false);
  const text = JSON.stringify(value, null, 2) ?? 'undefined';
  const isLong = text.length > previewLength;
  const shown = isLong && !isWhole ? text.slice(0, previewLength) : text;
  return (
    <div className={cn('relative min-w-0 rounded-control border bg-muted', className)}>
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label} className="max-h-[32rem] overflow-auto p-3 pr-12 text-row whitespace-pre-wrap">
        <UntrustedText text={shown} />
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} className="absolute top-1 right-1" />
      {isLong && !isWhole && (
        <div className="flex items-center gap-3 border-t px-3 py-2 text-caption text-muted-foreground">
          The first {formatBytes(previewLength)} of {formatBytes(text.length)}.
          <Button variant="link" size="inline" onClick={() => setIsWhole(true)}>Show all</Button>
        </div>
      )}
    </div>
  );
};
