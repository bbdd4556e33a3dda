import { Lock } from 'lucide-react';
import { useId } from 'react';
import { LongText } from './long-text.tsx';
import { RawJson } from './raw-json.tsx';

/** An argument that a policy keeps from being edited, with its value and whose rule it is. */
export const LockedField = ({ label, value, lockedBy }: { label: string; value: unknown; lockedBy: string }) => {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="flex min-w-0 flex-col gap-1.5">
      <p id={id} className="text-body font-medium">{label}</p>
      {value === undefined ? <p className="text-row text-muted-foreground">Not given</p> : typeof value === 'string' ? <LongText text={value} label={label} /> : <RawJson value={value} label={`${label} as JSON`} />}
      <p className="flex items-center gap-1.5 text-caption text-muted-foreground"><Lock aria-hidden className="size-3.5" />Locked by {lockedBy === '' ? 'the policy' : `the policy ${lockedBy}`}</p>
    </div>
  );
};
