import type { NoticePreferences } from '@contracts/notices.ts';
import { Field } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { SwitchRow } from './switch-row.tsx';

type Hours = NonNullable<NoticePreferences['quiet_hours']>;

const hours = Array.from({ length: 24 }, (_hour, hour) => hour);
const toTime = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** An hour of UTC as this browser's clock shows it today. */
const toLocal = (hour: number): string => {
  const at = new Date();
  at.setUTCHours(hour, 0, 0, 0);
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at);
};
const toWords = (hour: number): string => (toLocal(hour) === toTime(hour) ? toTime(hour) : `${toLocal(hour)} (${toTime(hour)} UTC)`);

const HourField = ({ label, name, value, other, onChange }: { label: string; name: string; value: number; /** The other end: the same hour twice would mean none. */ other: number; onChange: (hour: number) => void }) => (
  <Field label={label}>
    {(control) => (
      <Select {...control} name={name} value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {hours.map((hour) => <option key={hour} value={hour} disabled={hour === other}>{toWords(hour)}</option>)}
      </Select>
    )}
  </Field>
);

/** Hours without e-mail, on or off. */
export const QuietHours = ({ value, onChange }: { value: Hours | null; onChange: (value: Hours | null) => void }) => (
  <div className="flex flex-col gap-3">
    <SwitchRow
      label="Quiet hours"
      about="No e-mail in these hours; it comes when they end. HIGH and CRITICAL are never held back. The hours are kept in UTC and do not move with summer time."
      isOn={value !== null}
      onChange={(isOn) => onChange(isOn ? { from: 22, to: 6 } : null)}
    />
    {value !== null && (
      <div className="grid max-w-sm grid-cols-2 gap-3">
        <HourField label="From" name="quiet_from" value={value.from} other={value.to} onChange={(from) => onChange({ ...value, from })} />
        <HourField label="Until" name="quiet_to" value={value.to} other={value.from} onChange={(to) => onChange({ ...value, to })} />
      </div>
    )}
  </div>
);
