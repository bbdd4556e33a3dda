import type { ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';

/** One of few, side by side. */
export const Choice = <Value extends string>({ legend, name, value, options, onChange }: { legend: string; name: string; value: Value; options: readonly { value: Value; label: ReactNode }[]; onChange: (value: Value) => void }) => (
  <fieldset>
    <legend className="mb-1.5 text-body font-medium">{legend}</legend>
    <div className="inline-flex max-w-full flex-wrap rounded-control border border-input">
      {options.map((option) => (
        <label key={option.value} className={cn('flex min-h-9 cursor-pointer items-center gap-2 border-r border-input px-3 text-body first:rounded-l-control last:rounded-r-control last:border-r-0 max-sm:min-h-11 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring [&_svg]:size-4', option.value === value ? 'bg-primary font-medium text-primary-foreground' : 'hover:bg-muted')}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} className="sr-only" />
          {option.label}
        </label>
      ))}
    </div>
  </fieldset>
);
