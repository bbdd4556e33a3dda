import type { Connection } from '@contracts/connections.ts';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { connectionLabels, type ConnectionValues } from './connection-values.ts';
import type { Clash, Merged } from './merge-conflict.ts';

const words = (value: Clash['theirs']): string => (value === '' ? 'empty' : typeof value === 'boolean' ? (value ? 'on' : 'off') : value);

/** Tells that somebody else saved first: who, what is theirs now, and what is still to decide. What was typed stands. */
export const ConnectionConflict = ({ latest, merged, values, onTake }: { latest: Connection; merged: Pick<Merged, 'clashes' | 'taken'>; values: ConnectionValues; onTake: (clash: Clash) => void }) => (
  <div role="alert" className="flex flex-col gap-2 rounded-card border border-waiting-text bg-waiting-tint p-3 text-row text-waiting-text">
    <p className="font-semibold">{latest.updated_by ?? 'Somebody else'} changed this connection{latest.updated_at !== null && <> <RelativeTime at={latest.updated_at} /></>}. Nothing was saved; what you typed is kept.</p>
    {merged.taken.length > 0 && <p>Taken over, since you had not touched it: {merged.taken.join(', ')}.</p>}
    {merged.clashes.length > 0 && (
      <ul className="flex flex-col gap-1">
        {merged.clashes.map((clash) => (
          <li key={clash.field} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 flex-1 wrap-anywhere">{connectionLabels[clash.field]}: theirs is <strong className="font-semibold">{words(clash.theirs)}</strong>, yours {words(values[clash.field])}</span>
            {values[clash.field] === clash.theirs ? <span>theirs taken</span> : <Button variant="outline" size="small" onClick={() => onTake(clash)} aria-label={`Take theirs for ${connectionLabels[clash.field]}`}>Take theirs</Button>}
          </li>
        ))}
      </ul>
    )}
    <p>Save again to keep what the form shows.</p>
  </div>
);
