import { Lock } from 'lucide-react';
import { useId } from 'react';
import { LongText } from '../arguments/long-text.tsx';
import { RawJson } from '../arguments/raw-json.tsx';

/** An argument that a policy keeps from being edited, with its value and whose rule it is. */
export const LockedField = ({ label, value, lockedBy }: { label: string; value: unknown; lockedBy: string }) => {
  const id = useId();
  const text = typeof value === 'string' ? value : Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join('\n') : undefined;
  return (
    <div role="group" aria-labelledby={id} className="flex min-w-0 flex-col gap-1.5">
      <p id={id} className="text-body font-medium">{label}</p>
      {text === undefined ? <RawJson value={value} label={`${label} as JSON`} /> : <LongText text={text} label={label} />}
      <p className="flex items-center gap-1.5 text-caption text-muted-foreground"><Lock aria-hidden className="size-3.5" />Locked by {lockedBy === '' ? 'the policy' : `the policy ${lockedBy}`}</p>
    </div>
  );
};
