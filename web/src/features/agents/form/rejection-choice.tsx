import type { OnRejection } from '@contracts/agents.ts';
import { useId } from 'react';

export const rejectionWords: Record<OnRejection, { word: string; meaning: string }> = {
  tell_agent: { word: 'Tell the agent and continue', meaning: 'It reads the reason and may try something else.' },
  fail_run: { word: 'Fail the run', meaning: 'The run ends there, with the reason.' },
};

/** What happens when a person rejects one of the agent's calls. */
export const RejectionChoice = ({ value, onChange }: { value: OnRejection; onChange: (value: OnRejection) => void }) => {
  const id = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-body font-medium">When a person rejects a call</legend>
      <div className="flex flex-col gap-2">
        {(Object.keys(rejectionWords) as OnRejection[]).map((choice) => (
          <div key={choice} className="flex items-start gap-2.5">
            <input id={`${id}-${choice}`} type="radio" name="on_rejection" value={choice} checked={value === choice} onChange={() => onChange(choice)} className="mt-0.5 size-4 shrink-0 accent-primary" />
            <label htmlFor={`${id}-${choice}`} className="text-body max-sm:min-h-11">
              {rejectionWords[choice].word}
              <span className="block text-caption text-muted-foreground">{rejectionWords[choice].meaning}</span>
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  );
};
