import { type ReactNode, useId } from 'react';
import { cn } from '@/lib/cn.ts';
import { Checkbox } from './checkbox.tsx';

/** A checkbox with its words beside it; both can be pressed. */
export const CheckboxField = ({ name, isChecked, onChange, children, className }: { name: string; isChecked: boolean; onChange: (isChecked: boolean) => void; children: ReactNode; className?: string }) => {
  const id = useId();
  return (
    <span className={cn('flex min-h-6 items-start gap-2 max-sm:min-h-11', className)}>
      <Checkbox id={id} name={name} className="mt-0.5" checked={isChecked} onCheckedChange={(isOn) => onChange(isOn === true)} />
      <label htmlFor={id} className="text-body">{children}</label>
    </span>
  );
};
