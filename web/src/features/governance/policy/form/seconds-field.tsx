import { useState } from 'react';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';

const units = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
type Unit = keyof typeof units;

/** The largest unit that shows a length without a fraction. */
const unitOf = (seconds: number): Unit => (['days', 'hours', 'minutes'] as const).find((unit) => seconds % units[unit] === 0) ?? 'seconds';

/** A length of time in whole units; empty is null. Its bounds the server knows. */
export const SecondsField = ({ label, name, seconds, hint, placeholder, onChange }: { label: string; name: string; seconds: number | null; hint?: string; placeholder?: string; onChange: (seconds: number | null) => void }) => {
  const [chosen, setChosen] = useState<Unit>();
  // The unit that was chosen, while it shows the length whole; the text may have given another one.
  const unit = chosen !== undefined && (seconds === null || seconds % units[chosen] === 0) ? chosen : seconds === null ? 'hours' : unitOf(seconds);
  const amount = seconds === null ? '' : String(seconds / units[unit]);
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <span className="flex max-w-72 gap-2">
          <Input
            {...control}
            name={name}
            value={amount}
            inputMode="numeric"
            autoComplete="off"
            maxLength={9}
            placeholder={placeholder}
            className="tabular min-w-0 flex-1"
            onChange={(event) => {
              const digits = event.target.value.replaceAll(/\D/g, '');
              setChosen(unit);
              onChange(digits === '' ? null : Number(digits) * units[unit]);
            }}
          />
          <Select
            aria-label={`${label}: unit`}
            value={unit}
            className="w-28 shrink-0"
            onChange={(event) => {
              const next = event.target.value as Unit;
              setChosen(next);
              if (seconds !== null) onChange(Number(amount) * units[next]);
            }}
          >
            {Object.keys(units).map((one) => <option key={one} value={one}>{one}</option>)}
          </Select>
        </span>
      )}
    </Field>
  );
};
