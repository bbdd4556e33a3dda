import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { cn } from '@/lib/cn.ts';
import { Button } from './ui/button.tsx';
import { Field } from './ui/field.tsx';
import { Input } from './ui/input.tsx';
import { UntrustedText } from './untrusted-text.tsx';

export interface TokenSuggestion {
  value: string;
  /** What people read and may type; default: the value. */
  label?: string;
}

/**
 * A list of words: typed, taken from suggestions, or both. Enter, a comma or leaving the field adds what is typed; each word
 * has a button that takes it out. `problemOf` says why a word is not taken.
 */
export const TokensField = ({ label, hint, name, values, onChange, suggestions = [], problemOf, error, placeholder = 'any', isDisabled = false, isSuggestedOnly = false }: {
  label: ReactNode;
  hint?: ReactNode;
  name: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  suggestions?: readonly TokenSuggestion[];
  problemOf?: (value: string) => string | undefined;
  error?: string | undefined;
  /** What an empty list means. */
  placeholder?: string;
  isDisabled?: boolean;
  /** Only suggested values are taken. */
  isSuggestedOnly?: boolean;
}) => {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const listId = useId();
  const labelOf = (value: string): string => suggestions.find((one) => one.value === value)?.label ?? value;

  const add = (typed: string): void => {
    const word = typed.trim();
    if (word === '') {
      setText('');
      setProblem(undefined);
      return;
    }
    const known = suggestions.find((one) => one.value === word || one.label?.toLowerCase() === word.toLowerCase());
    const value = known?.value ?? word;
    const found = known === undefined && isSuggestedOnly ? `“${word}” is not there to choose.` : problemOf?.(value);
    setProblem(found);
    if (found !== undefined) return;
    setText('');
    if (!values.includes(value)) onChange([...values, value]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === ',') {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '' && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  return (
    <Field label={label} error={problem ?? error} {...(hint === undefined ? {} : { hint })}>
      {(control) => (
        <div className="flex min-w-0 flex-col gap-1.5">
          {values.length > 0 && (
            <ul className="flex flex-wrap gap-1.5" aria-label={typeof label === 'string' ? `${label}: chosen` : 'Chosen'}>
              {values.map((value) => (
                <li key={value} className={cn('inline-flex min-w-0 items-center rounded-control border bg-muted text-row', isDisabled ? 'px-2 py-0.5' : 'pl-2')}>
                  <UntrustedText text={labelOf(value)} className="min-w-0" />
                  {!isDisabled && <Button variant="ghost" size="icon-small" aria-label={`Take out ${labelOf(value)}`} onClick={() => onChange(values.filter((one) => one !== value))}><X aria-hidden /></Button>}
                </li>
              ))}
            </ul>
          )}
          {(!isDisabled || values.length === 0) && (
            <Input
              {...control}
              name={name}
              value={text}
              disabled={isDisabled}
              list={suggestions.length > 0 ? listId : undefined}
              placeholder={values.length === 0 ? placeholder : 'add another'}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={330}
              onChange={(event) => {
                const next = event.target.value;
                setProblem(undefined);
                // Taken from the list by pointer: no key follows.
                if (!('inputType' in event.nativeEvent) || (event.nativeEvent as InputEvent).inputType === 'insertReplacementText') add(next);
                else setText(next);
              }}
              onKeyDown={onKeyDown}
              onBlur={() => add(text)}
            />
          )}
          {suggestions.length > 0 && <datalist id={listId}>{suggestions.filter(({ value }) => !values.includes(value)).map(({ value, label: words }) => <option key={value}>{words ?? value}</option>)}</datalist>}
        </div>
      )}
    </Field>
  );
};
