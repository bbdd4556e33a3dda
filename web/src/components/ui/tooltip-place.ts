export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';
interface Size {
  width: number;
  height: number;
}
interface Box extends Size {
  left: number;
  top: number;
}

const gap = 6;
const margin = 8;
const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' } as const;

const clamp = (value: number, size: number, space: number): number => Math.max(margin, Math.min(value, space - size - margin));

/** Left and top of a tooltip beside its anchor: on the side asked for, on the other where there is no room, never outside the window. */
export const placeTooltip = ({ anchor, size, space, side }: { anchor: Box; size: Size; space: Size; side: TooltipSide }): { left: number; top: number } => {
  const at = (which: TooltipSide): { left: number; top: number } => {
    const left = anchor.left + (anchor.width - size.width) / 2;
    const top = anchor.top + (anchor.height - size.height) / 2;
    if (which === 'top') return { left, top: anchor.top - size.height - gap };
    if (which === 'bottom') return { left, top: anchor.top + anchor.height + gap };
    return which === 'left' ? { left: anchor.left - size.width - gap, top } : { left: anchor.left + anchor.width + gap, top };
  };
  const fits = ({ left, top }: { left: number; top: number }): boolean =>
    side === 'top' || side === 'bottom' ? top >= margin && top + size.height <= space.height - margin : left >= margin && left + size.width <= space.width - margin;
  const wanted = at(side);
  const { left, top } = fits(wanted) || !fits(at(opposite[side])) ? wanted : at(opposite[side]);
  return { left: clamp(left, size.width, space.width), top: clamp(top, size.height, space.height) };
};
