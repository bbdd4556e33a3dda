import { useState } from 'react';
import { cn } from '@/lib/cn.ts';
import { formatInteger } from '@/lib/format.ts';
import { countHiddenCharacters } from '@/lib/untrusted-marks.ts';
import { Button } from '../../ui/button.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { shortenText } from './shorten-text.ts';

/** Untrusted prose or code: whole when short, else its start with the whole length and a button; hidden characters are counted. */
export const LongText = ({ text, isCode = false, label }: { text: string; isCode?: boolean; label: string }) => {
  const [isWhole, setIsWhole] = useState(false);
  const start = shortenText(text);
  const hidden = countHiddenCharacters(text);
  return (
    <div className="min-w-0 rounded-control border bg-muted">
      <div className={cn('p-3 text-row', isCode && 'font-mono')}>
        {text === '' ? <span className="text-muted-foreground">Empty</span> : <UntrustedText isBlock text={isWhole ? text : (start ?? text)} />}
      </div>
      {(start !== undefined || hidden > 0) && (
        <p className="flex flex-wrap items-center gap-x-3 border-t px-3 py-1.5 text-caption text-muted-foreground">
          {start !== undefined && (
            <>
              <span>{isWhole ? `All ${formatInteger(text.length)} characters` : `The first ${formatInteger(start.length)} of ${formatInteger(text.length)} characters`}</span>
              <Button variant="link" size="inline" aria-label={isWhole ? `Show less of ${label}` : `Show all of ${label}`} onClick={() => setIsWhole(!isWhole)}>{isWhole ? 'Show less' : 'Show all'}</Button>
            </>
          )}
          {hidden > 0 && <strong className="text-destructive">{hidden === 1 ? '1 hidden character, marked' : `${formatInteger(hidden)} hidden characters, marked`}</strong>}
        </p>
      )}
    </div>
  );
};
