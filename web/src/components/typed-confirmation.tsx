import { useId } from 'react';
import { Input } from './ui/input.tsx';

/** Asks for a name to be typed before something that cannot be taken back; whoever asks compares. */
export const TypedConfirmation = ({ name, typed, onType }: { name: string; typed: string; onType: (typed: string) => void }) => {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-body">Type <strong className="select-all">{name}</strong> to confirm</label>
      <Input id={id} value={typed} onChange={(event) => onType(event.target.value)} autoComplete="off" />
    </div>
  );
};
