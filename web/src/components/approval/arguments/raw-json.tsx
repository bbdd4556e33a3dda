import { Fragment, useState } from 'react';
import { countOf, formatInteger } from '@/lib/format.ts';
import { CopyButton } from '../../copy-button.tsx';
import { Button } from '../../ui/button.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { toSpacePieces } from './spaces.ts';

const shownCharacters = 20_000;

/**
 * The exact arguments as JSON, verbatim: line breaks and tabs as their escapes, spaces that are easily missed marked, hidden
 * characters drawn. A long one is cut only with its length said.
 */
export const RawJson = ({ value, label }: { value: unknown; label: string }) => {
  const [isWhole, setIsWhole] = useState(false);
  const text = JSON.stringify(value, null, 2) ?? 'undefined';
  const isCut = !isWhole && text.length > shownCharacters;
  return (
    <div className="relative min-w-0 rounded-control border bg-muted">
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label} className="max-h-[32rem] overflow-auto p-3 pr-12 text-row whitespace-pre-wrap wrap-anywhere">
        {toSpacePieces(isCut ? text.slice(0, shownCharacters) : text).map((piece, index) =>
          piece.isSpaces ? (
            <span key={index} title={countOf(piece.text.length, 'space')} className="bg-waiting-tint outline-1 -outline-offset-1 outline-waiting-solid outline-dotted">{piece.text}</span>
          ) : (
            <Fragment key={index}><UntrustedText text={piece.text} /></Fragment>
          ),
        )}
      </pre>
      <CopyButton text={text} label={`Copy ${label}`} className="absolute top-1 right-1" />
      {isCut && (
        <div className="flex flex-wrap items-center gap-x-3 border-t px-3 py-2 text-caption text-muted-foreground">
          The first {formatInteger(shownCharacters)} of {formatInteger(text.length)} characters.
          <Button variant="link" size="inline" onClick={() => setIsWhole(true)}>Show all</Button>
        </div>
      )}
    </div>
  );
};
