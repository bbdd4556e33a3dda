import { formatInteger } from '@/lib/format.ts';
import { countHiddenCharacters } from '@/lib/untrusted-marks.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { Textarea } from '../../ui/textarea.tsx';
import type { ArgumentField as FieldOfArgument } from './schema-fields.ts';

const hintOf = (field: FieldOfArgument, text: string, emptyHint: string): string | undefined => {
  const hidden = field.kind === 'json' ? 0 : countHiddenCharacters(text);
  const parts = [
    field.description,
    field.kind === 'lines' ? 'One a line.' : undefined,
    field.kind === 'json' ? 'As JSON.' : undefined,
    emptyHint,
    hidden > 0 ? `Holds ${formatInteger(hidden)} hidden ${hidden === 1 ? 'character' : 'characters'}.` : undefined,
  ].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
};

/** What an argument without words becomes. */
const emptyWords = ({ isNullable, isRequired }: FieldOfArgument): string => (isNullable ? 'Empty: null.' : isRequired ? '' : 'Empty: left out.');

/** One argument, or one setting of a tool, as a control of the kind its schema asks for. `emptyHint`: what it means to leave it empty. */
export const ArgumentFieldControl = ({ field, text, error, onChange, onBlur, name = field.key, emptyHint = emptyWords(field) }: {
  field: FieldOfArgument;
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
  onBlur?: () => void;
  name?: string;
  emptyHint?: string;
}) => {
  const hint = hintOf(field, text, emptyHint);
  return (
    <Field label={field.label} isRequired={field.isRequired} error={error} {...(hint === undefined ? {} : { hint })}>
      {(control) => {
        const shared = { ...control, name, value: text, autoComplete: 'off', onBlur };
        switch (field.kind) {
          case 'text': return <Input {...shared} onChange={(event) => onChange(event.target.value)} />;
          case 'integer':
          case 'number':
            // Not type="number": it rounds, scrolls away and hides what was typed wrongly.
            return <Input {...shared} inputMode={field.kind === 'integer' ? 'numeric' : 'decimal'} onChange={(event) => onChange(event.target.value)} className="tabular max-w-48" />;
          case 'boolean':
          case 'choice': {
            const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices.map(String);
            return (
              <Select {...shared} onChange={(event) => onChange(event.target.value)} className="max-w-64">
                {(!field.isRequired || field.isNullable || !choices.includes(text)) && <option value="">–</option>}
                {choices.map((choice) => <option key={choice} value={choice}>{field.kind === 'boolean' ? (choice === 'true' ? 'Yes' : 'No') : choice}</option>)}
              </Select>
            );
          }
          case 'long_text':
          case 'lines':
          case 'json':
            return <Textarea {...shared} spellCheck={field.kind === 'long_text'} onChange={(event) => onChange(event.target.value)} className={field.kind === 'json' ? 'font-mono' : ''} />;
        }
      }}
    </Field>
  );
};
