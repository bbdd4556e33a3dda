import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import type { SecretInput } from './use-secret-input.ts';

/** A stored secret as it is shown: `••••a91f`; without a hint the dots alone. */
export const shownSecret = (hint: string): string => `••••${hint.replace(/^[•.…]+/, '')}`;

/**
 * A secret, which can be written and never read: what is stored shows as its last characters at most. The input is left to itself, so
 * that what is typed is never an attribute of the page and leaves it with the form.
 */
export const SecretField = ({ name, label, hint, stored, secret, error, warning, onInput, isRequired = false, isRemovable = true, isLong = false }: {
  name: string;
  label: string;
  hint: ReactNode;
  /** What is shown of the stored one: `…a91f` or nothing; null: none is stored. */
  stored: string | null;
  secret: SecretInput;
  error: string | undefined;
  /** Said while the stored one stays. */
  warning?: string | undefined;
  /** Something was typed: what was said of it no longer holds. */
  onInput: () => void;
  isRequired?: boolean;
  isRemovable?: boolean;
  /** May have several lines. */
  isLong?: boolean;
}) => {
  const { mode, setMode } = secret;
  if (stored !== null && mode !== 'replace') {
    return (
      <div data-field={name} tabIndex={-1} className="flex flex-col gap-1.5">
        <p className="text-body font-medium">{label}</p>
        <div className="flex flex-wrap items-center gap-2">
          {mode === 'keep' ? <code className="text-body">{shownSecret(stored)}</code> : <span className="text-body">Will be removed when you save.</span>}
          <Button variant="outline" size="small" onClick={() => setMode('replace')} aria-label={`Replace ${label.toLowerCase()}`}>Replace</Button>
          {mode === 'keep' && isRemovable && <Button variant="outline" size="small" onClick={() => setMode('remove')} aria-label={`Remove ${label.toLowerCase()}`}>Remove</Button>}
          {mode === 'remove' && <Button variant="outline" size="small" onClick={() => setMode('keep')}>Keep it</Button>}
        </div>
        {mode === 'keep' && warning !== undefined && <p role="status" className="text-row text-waiting-text">{warning}</p>}
        {error !== undefined && <p className="text-row text-destructive">{error}</p>}
      </div>
    );
  }
  const shared = {
    name, autoComplete: 'off', autoCapitalize: 'none', spellCheck: false, 'data-1p-ignore': true, 'data-lpignore': 'true', ref: secret.ref,
    onInput: () => {
      secret.onInput();
      onInput();
    },
  };
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Field label={label} hint={hint} isRequired={isRequired} error={error} className="w-full">
        {(control) => (isLong ? <Textarea {...control} {...shared} rows={2} className="min-h-9 font-mono [-webkit-text-security:disc]" /> : <Input {...control} {...shared} type="password" />)}
      </Field>
      {stored !== null && <Button variant="link" size="inline" className="text-row" onClick={() => setMode('keep')}>Keep the stored {label.toLowerCase()}</Button>}
    </div>
  );
};
