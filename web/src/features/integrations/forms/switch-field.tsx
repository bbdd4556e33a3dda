import { useId } from 'react';
import { Switch } from '@/components/ui/switch.tsx';

/** A switch with its words and what "off" means. */
export const SwitchField = ({ name, label = 'Switched on', hint, isOn, onChange, isDisabled = false }: { name: string; label?: string; hint: string; isOn: boolean; onChange: (isOn: boolean) => void; isDisabled?: boolean }) => {
  const id = useId();
  return (
    <div className="flex items-center gap-3">
      <Switch id={id} name={name} checked={isOn} disabled={isDisabled} onCheckedChange={onChange} />
      <label htmlFor={id} className="text-body">{label}<span className="block text-caption text-muted-foreground">{hint}</span></label>
    </div>
  );
};
