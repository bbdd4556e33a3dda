import { Slot } from 'radix-ui';
import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useEffectEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { placeTooltip, type TooltipSide } from './tooltip-place.ts';

const openAfterMs = 300;
/** Time to get from the anchor onto the text, which may be hovered too. */
const closeAfterMs = 120;

const Bubble = ({ id, text, anchor, side, onEnter, onLeave, onClose }: { id: string; text: ReactNode; anchor: Element; side: TooltipSide; onEnter: () => void; onLeave: () => void; onClose: () => void }) => {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const bubble = ref.current;
    if (bubble === null) return;
    const { left, top } = placeTooltip({ anchor: anchor.getBoundingClientRect(), size: bubble.getBoundingClientRect(), space: { width: document.documentElement.clientWidth, height: innerHeight }, side });
    bubble.style.left = `${left}px`;
    bubble.style.top = `${top}px`;
  });
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // Escape puts the text away and nothing below it.
      event.stopPropagation();
      close();
    };
    const onScroll = (): void => close();
    addEventListener('keydown', onKey, true);
    addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      removeEventListener('keydown', onKey, true);
      removeEventListener('scroll', onScroll, true);
    };
  }, []);
  return createPortal(
    <div ref={ref} id={id} role="tooltip" onPointerEnter={onEnter} onPointerLeave={onLeave} className="pointer-events-auto fixed top-0 left-0 z-50 w-max max-w-72 rounded-control border bg-popover px-2 py-1 text-caption text-foreground shadow-overlay animate-overlay">
      {text}
    </div>,
    document.body,
  );
};

/**
 * A short text on hover and focus of `children` (one focusable element). Holds nothing that is not elsewhere too. Our own and not a
 * library's, since lists have one in every row: it costs two listeners until it is shown.
 */
export const Tooltip = ({ text, children, side = 'top' }: { text: ReactNode; children: ReactNode; side?: TooltipSide }) => {
  const id = useId();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const close = (): void => {
    clearTimeout(timer.current);
    setAnchor(null);
  };
  const closeSoon = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(close, closeAfterMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <>
      <Slot.Root
        {...(anchor === null ? {} : { 'aria-describedby': id })}
        onPointerEnter={(event: PointerEvent) => {
          // A finger has no hover: a tap focuses, and that shows it.
          if (event.pointerType === 'touch') return;
          const element = event.currentTarget;
          clearTimeout(timer.current);
          timer.current = setTimeout(() => setAnchor(element), openAfterMs);
        }}
        onPointerLeave={closeSoon}
        onPointerDown={close}
        onFocus={(event: FocusEvent) => {
          if (event.currentTarget.matches(':focus-visible')) setAnchor(event.currentTarget);
        }}
        onBlur={close}
      >
        {children}
      </Slot.Root>
      {anchor !== null && <Bubble id={id} text={text} anchor={anchor} side={side} onEnter={() => clearTimeout(timer.current)} onLeave={closeSoon} onClose={close} />}
    </>
  );
};
