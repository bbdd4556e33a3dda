import { LongText } from '@/components/approval/arguments/long-text.tsx';
import { countOf, formatInteger } from '@/lib/format.ts';
import { OutputPart, ValueView } from './output-parts.tsx';
import type { PieceOutput } from './output-shapes.ts';

/** `3 to 20 of 90 things`; counted from 1, as people do. */
const rangeOf = (from: number, length: number, total: number, noun: string): string =>
  length === 0 ? `nothing of ${countOf(total, noun)}` : `${formatInteger(from + 1)} to ${formatInteger(from + length)} of ${countOf(total, noun)}`;

/** What was read of an earlier result, and which part of it that is. */
export const PieceView = ({ output }: { output: PieceOutput }) => {
  if ('text' in output) return <OutputPart title="Text" note={rangeOf(output.offset, output.text.length, output.total_characters, 'character')}><LongText isCode text={output.text} label="the text" /></OutputPart>;
  if ('items' in output) return <OutputPart title="Items" note={rangeOf(output.items_from, output.items.length, output.total_items, 'item')}><ValueView value={output.items} label="items" /></OutputPart>;
  return <OutputPart title="Value"><ValueView value={output.value} label="value" /></OutputPart>;
};
