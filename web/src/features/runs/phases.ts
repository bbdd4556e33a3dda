import { type RunPhase, runPhases } from '@contracts/runs.ts';

const isPhase = (word: string): word is RunPhase => (runPhases as readonly string[]).includes(word);

/** Whether `text` is a comma separated list of run phases, as the address holds them. */
export const isPhaseList = (text: string): boolean => text.split(',').every(isPhase);

/** The phases of the address, each once, in the order of the contract. */
export const toPhases = (text: string | undefined): RunPhase[] => {
  const given = new Set((text ?? '').split(','));
  return runPhases.filter((phase) => given.has(phase));
};

/** The address's form of a choice of phases with one more or one less; undefined when none is left: all. */
export const togglePhase = (text: string | undefined, phase: RunPhase): string | undefined => {
  const chosen = new Set(toPhases(text));
  if (!chosen.delete(phase)) chosen.add(phase);
  return chosen.size === 0 || chosen.size === runPhases.length ? undefined : runPhases.filter((one) => chosen.has(one)).join(',');
};
