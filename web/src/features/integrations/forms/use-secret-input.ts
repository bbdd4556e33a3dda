import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';

export type SecretMode = 'keep' | 'replace' | 'remove';

/** What becomes of a secret: the stored one stays, the typed one takes its place, or there is none. */
export type SecretChange = { kind: 'keep' } | { kind: 'replace'; value: string } | { kind: 'remove' };

/**
 * A secret of a form, which can be written and never read. What is typed stays in its input (uncontrolled, so that it is never an
 * attribute of the page) until it is sent, and leaves with the form.
 */
export const useSecretInput = (hasStored: boolean) => {
  const [mode, setMode] = useState<SecretMode>(hasStored ? 'keep' : 'replace');
  /** Counts typing into the input, whose words are not kept here. */
  const [revision, setRevision] = useState(0);
  const ref = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const touch = (): void => setRevision((count) => count + 1);
  return {
    mode, ref, revision,
    isDirty: revision > 0 || mode === 'remove',
    change: (): SecretChange => (mode === 'replace' ? { kind: 'replace', value: ref.current?.value ?? '' } : { kind: mode }),
    setMode: (next: SecretMode): void => {
      setMode(next);
      setRevision((count) => (next === 'keep' ? 0 : count));
    },
    onInput: touch,
    /** Puts a secret that was pasted elsewhere into its own input. */
    fill: (value: string): void => {
      flushSync(() => setMode('replace'));
      if (ref.current !== null) ref.current.value = value;
      touch();
    },
  };
};
export type SecretInput = ReturnType<typeof useSecretInput>;
