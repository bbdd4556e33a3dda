import { useId } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Label } from '@/components/ui/label.tsx';
import { fromLocalInput, toLocalInput } from '@/lib/local-time.ts';
import { isBackwards, type Range, rangePresets } from './time-range.ts';

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Two date-time fields and ranges one press away. Times are the reader's; an empty end means until now. */
export const RangeFields = ({ range, onRange }: { range: Range; onRange: (range: Range) => void }) => {
  const id = useId();
  const field = (end: 'from' | 'to', label: string) => {
    const at = range[end];
    return (
      <div className="flex min-w-0 flex-col gap-1.5 max-sm:basis-full">
        <Label htmlFor={`${id}-${end}`}>{label}</Label>
        <Input
          id={`${id}-${end}`} type="datetime-local" value={at === undefined ? '' : toLocalInput(new Date(at))} className="sm:w-52"
          aria-invalid={isBackwards(range) || undefined} aria-describedby={`${id}-hint`}
          onChange={(event) => onRange({ ...range, [end]: fromLocalInput(event.target.value) })}
        />
      </div>
    );
  };
  return (
    <div role="group" aria-label="Range" className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-end gap-3">
        {field('from', 'From')}
        {field('to', 'To')}
        <div className="flex flex-wrap gap-1">
          {rangePresets.map(({ label, ms }) => (
            <Button key={label} variant="outline" size="small" className="sm:h-9" onClick={() => onRange({ from: new Date(Date.now() - ms).toISOString(), to: undefined })}>{label}</Button>
          ))}
        </div>
      </div>
      <p id={`${id}-hint`} className="text-caption text-muted-foreground">Times in {zone}. Without an end: until now.</p>
      {isBackwards(range) && <FieldError>The range ends before it begins.</FieldError>}
    </div>
  );
};
