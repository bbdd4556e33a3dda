import type { SimulatedAgent } from '@contracts/policies.ts';
import { UntrustedText } from '../untrusted-text.tsx';
import { effectLooks } from './effect-pill.tsx';

/** Why a tool gets its verdict, and what may change it once the arguments of a call are known. */
export const SimulatedNotes = ({ item }: { item: SimulatedAgent['items'][number] }) => {
  const risen = item.at_higher_risk.filter(({ verdict }) => verdict !== item.verdict);
  return (
    <div className="flex flex-col gap-0.5 text-caption text-muted-foreground">
      <p><UntrustedText text={item.misfit ?? item.reason} /></p>
      {risen.length > 0 && <p>If its arguments raise the risk: {risen.map(({ risk_level: risk, verdict }) => `${risk} – ${effectLooks[verdict].word.toLowerCase()}`).join(', ')}.</p>}
      {item.may_change.length > 0 && (
        <p>
          Arguments may change it:{' '}
          {item.may_change.map((policy, index) => (
            <span key={policy.id}>{index > 0 && ', '}<UntrustedText text={policy.name} /> ({effectLooks[policy.effect].word.toLowerCase()})</span>
          ))}.
        </p>
      )}
    </div>
  );
};
