import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import type { Clash, FormValues } from './merge-changes.ts';
import type { Changed } from './use-record-form.ts';

const words = (value: string | boolean | undefined): string => (value === undefined || value === '' ? 'empty' : typeof value === 'boolean' ? (value ? 'on' : 'off') : value);

/** Tells that somebody else saved first: who, what is theirs now, and what is still to decide. What was typed stands. */
export const ChangeConflict = ({ noun, conflict, values, labelOf, onTake }: {
  noun: string;
  conflict: { latest: Changed; clashes: Clash[]; taken: string[] };
  values: FormValues;
  labelOf: (field: string) => string;
  onTake: (clash: Clash) => void;
}) => (
  <div role="alert" className="flex flex-col gap-2 rounded-card border border-waiting-text bg-waiting-tint p-3 text-row text-waiting-text">
    <p className="font-semibold">{conflict.latest.updated_by ?? 'Somebody else'} changed this {noun}{conflict.latest.updated_at !== null && <> <RelativeTime at={conflict.latest.updated_at} /></>}. Nothing was saved; what you typed is kept.</p>
    {conflict.taken.length > 0 && <p>Taken over, since you had not touched it: {conflict.taken.map(labelOf).join(', ')}.</p>}
    {conflict.clashes.length > 0 && (
      <ul className="flex flex-col gap-1">
        {conflict.clashes.map((clash) => (
          <li key={clash.field} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 flex-1 whitespace-pre-line wrap-anywhere">{labelOf(clash.field)}: theirs is <strong className="font-semibold">{words(clash.theirs)}</strong>, yours {words(values[clash.field])}</span>
            {values[clash.field] === clash.theirs ? <span>theirs taken</span> : <Button variant="outline" size="small" onClick={() => onTake(clash)} aria-label={`Take theirs for ${labelOf(clash.field)}`}>Take theirs</Button>}
          </li>
        ))}
      </ul>
    )}
    <p>Save again to keep what the form shows.</p>
  </div>
);
