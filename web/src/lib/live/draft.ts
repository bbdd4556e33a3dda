import type { MaestroEvent } from '@contracts/events.ts';
import type { Step } from '@contracts/runs.ts';

/** What an open turn has said so far, of its newest attempt. */
export type Draft = NonNullable<Step['draft']>;
type Delta = Pick<Extract<MaestroEvent, { type: 'text-delta' }>['data'], 'attempt' | 'channel' | 'offset' | 'text'>;

/**
 * A draft with one more piece. A piece of a higher attempt starts anew; what is there already, or belongs to an attempt given up, changes
 * nothing. `gap`: something between is missing, the draft has to be read.
 */
export const mergeDelta = (draft: Draft | null, delta: Delta): Draft | 'gap' => {
  if (draft !== null && delta.attempt < draft.attempt) return draft;
  const base = draft?.attempt === delta.attempt ? draft : { attempt: delta.attempt, thought: '', text: '' };
  const known = base[delta.channel];
  if (delta.offset > known.length) return 'gap';
  if (delta.offset + delta.text.length <= known.length) return base;
  return { ...base, [delta.channel]: known + delta.text.slice(known.length - delta.offset) };
};

/** Of two drafts of the same turn what is known together: the higher attempt, in it the longer of each channel. */
export const furthestDraft = (one: Draft | null, other: Draft | null): Draft | null => {
  if (one === null || other === null) return one ?? other;
  if (one.attempt !== other.attempt) return one.attempt > other.attempt ? one : other;
  const longer = (channel: 'thought' | 'text'): string => (one[channel].length >= other[channel].length ? one[channel] : other[channel]);
  return { attempt: one.attempt, thought: longer('thought'), text: longer('text') };
};

/**
 * What there is to show of a step that was heard saying `heard`. Words of an attempt before the step's own are gone. One that has ended
 * shows its answer instead, or, while an answer too long for lists is still being read, what was heard of it.
 */
export const draftOf = (step: Pick<Step, 'kind' | 'status' | 'attempt' | 'draft' | 'output' | 'is_shortened'>, heard: Draft | null): Draft | null => {
  if (step.status === 'completed') return step.is_shortened && step.output === null ? heard : null;
  if (step.status !== 'running' || step.kind !== 'reasoning') return null;
  const draft = furthestDraft(step.draft, heard);
  return draft !== null && draft.attempt < step.attempt ? { attempt: step.attempt, thought: '', text: '' } : draft;
};

/** The last line with words in it, for a row that has room for one. */
export const lastLineOf = ({ thought, text }: Draft): string => {
  const end = (text.trim() === '' ? thought : text).slice(-400).trimEnd();
  return end.slice(end.lastIndexOf('\n') + 1).slice(-200);
};
