import { Fragment, memo } from 'react';
import { cn } from '@/lib/cn.ts';
import { toUntrustedPieces } from '@/lib/untrusted-marks.ts';

/**
 * Text written by a model, a tool or somebody outside: shown as text, never as HTML. Characters nobody would see, or
 * that reorder what is seen, are drawn as marks. Isolated in direction, so that it cannot move its surroundings.
 */
export const UntrustedText = memo(function UntrustedText({ text, isBlock = false, className }: { text: string; isBlock?: boolean; className?: string }) {
  const Tag = isBlock ? 'div' : 'span';
  return (
    <Tag dir={isBlock ? 'auto' : undefined} className={cn('[unicode-bidi:isolate] wrap-anywhere', isBlock && 'whitespace-pre-wrap', className)}>
      {toUntrustedPieces(text).map((piece, index) =>
        piece.kind === 'text' ? (
          <Fragment key={index}>{piece.text}</Fragment>
        ) : (
          <span key={index} title={piece.name} className="mx-px rounded-[3px] border border-destructive px-0.5 font-mono text-[11px] text-destructive [unicode-bidi:isolate]">
            <span className="sr-only">hidden character {piece.name} </span>
            {piece.label}
          </span>
        ),
      )}
    </Tag>
  );
});
