import type { Ref } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { shownKey } from './connection-words.ts';

export type KeyMode = 'keep' | 'replace' | 'remove';

/**
 * The key of a connection, which can be written and never read: what is stored shows as its last characters. The input is left to
 * itself (`ref`), so that what is typed is never an attribute of the page and leaves it with the form.
 */
export const KeyField = ({ hint, mode, error, warning, inputRef, onMode, onInput }: {
  /** `…a91f`; null: none is stored. */
  hint: string | null;
  mode: KeyMode;
  error: string | undefined;
  warning: string | undefined;
  inputRef: Ref<HTMLInputElement>;
  onMode: (mode: KeyMode) => void;
  onInput: () => void;
}) => {
  if (hint !== null && mode !== 'replace') {
    return (
      <div data-field="api_key" tabIndex={-1} className="flex flex-col gap-1.5">
        <p className="text-body font-medium">Key</p>
        <div className="flex flex-wrap items-center gap-2">
          {mode === 'keep' ? <code className="text-body">{shownKey(hint)}</code> : <span className="text-body">Will be removed when you save.</span>}
          <Button variant="outline" size="small" onClick={() => onMode('replace')}>Replace</Button>
          {mode === 'keep' ? <Button variant="outline" size="small" onClick={() => onMode('remove')}>Remove</Button> : <Button variant="outline" size="small" onClick={() => onMode('keep')}>Keep it</Button>}
        </div>
        {mode === 'keep' && warning !== undefined && <p role="status" className="text-row text-waiting-text">{warning}</p>}
        {error !== undefined && <p className="text-row text-destructive">{error}</p>}
      </div>
    );
  }
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Field label="Key" hint="Stored encrypted and never shown again. Servers of your own often need none." error={error} className="w-full">
        {(control) => <Input {...control} ref={inputRef} name="api_key" type="password" autoComplete="off" autoCapitalize="none" spellCheck={false} data-1p-ignore data-lpignore="true" onInput={onInput} />}
      </Field>
      {hint !== null && <Button variant="link" size="inline" className="text-row" onClick={() => onMode('keep')}>Keep the stored key</Button>}
    </div>
  );
};
