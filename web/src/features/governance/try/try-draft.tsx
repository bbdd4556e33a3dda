import type { PolicyDetails } from '@contracts/policies.ts';
import { useState } from 'react';
import type { EditorState } from '../policy/editor-state.ts';
import type { OnPolicySearch, PolicySearch } from '../search.ts';
import { Simulation } from './simulation.tsx';
import { TryCall } from './try-call.tsx';

const sides = { text: 'With this text', live: 'As it is live' } as const;

/** What would happen if the text, saved or not, took the place of its policy; beside it what happens now. Nothing goes live by it. */
export const TryDraft = ({ policy, state, search, onSearch }: { policy: PolicyDetails | undefined; state: EditorState; search: PolicySearch; onSearch: OnPolicySearch }) => {
  const [side, setSide] = useState<keyof typeof sides>('text');
  const refusal = side === 'live' ? undefined : state.lead !== 'both' ? 'The text is being checked.' : !state.isValid ? 'The text has errors; mend them first.' : undefined;
  const draft = side === 'text' ? { draft: { policy_id: policy?.id ?? null, cedar: state.cedar } } : {};
  return (
    <div className="flex flex-col gap-4">
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
        <legend className="sr-only">Judged by</legend>
        {Object.entries(sides).map(([value, label]) => (
          <label key={value} className="inline-flex min-h-6 items-center gap-2 text-body max-sm:min-h-11">
            <input type="radio" name="judged-by" value={value} checked={side === value} onChange={() => setSide(value as keyof typeof sides)} className="size-4 accent-primary" />
            {label}
          </label>
        ))}
      </fieldset>
      <TryCall agent={search.agent} tool={search.tool} onChoose={onSearch} refusal={refusal} {...draft} />
      <Simulation agentId={search.agent} refusal={refusal} onTry={(tool) => onSearch({ tool })} {...draft} />
    </div>
  );
};
