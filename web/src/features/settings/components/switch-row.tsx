import { type ReactNode, useId } from 'react';
import { Switch } from '@/components/ui/switch.tsx';

/** A switch with its words and what they mean. */
export const SwitchRow = ({ label, about, isOn, onChange }: { label: string; about: ReactNode; isOn: boolean; onChange: (isOn: boolean) => void }) => {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <Switch id={id} checked={isOn} onCheckedChange={onChange} aria-describedby={`${id}-about`} />
      <div>
        <label htmlFor={id} className="text-body font-medium">{label}</label>
        <p id={`${id}-about`} className="text-caption text-muted-foreground">{about}</p>
      </div>
    </div>
  );
};
