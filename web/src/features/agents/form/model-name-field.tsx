import type { ModelProvider } from '@contracts/agents.ts';
import { type ChangeEvent, useId } from 'react';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import type { FieldControlProps } from '@/components/ui/field.tsx';

/** The name of a model: one of the scripts, or typed with suggestions, since a server may know more than it lists. */
export const ModelNameField = ({ control, name, connection, names, value, onChange, onBlur, ...labels }: {
  control: Partial<FieldControlProps>;
  name: string;
  connection: ModelProvider | undefined;
  names: readonly string[];
  value: string;
  onChange: (model: string) => void;
  onBlur?: () => void;
  'aria-label'?: string;
}) => {
  const listId = useId();
  const change = (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>): void => onChange(event.target.value);
  if (connection?.is_scripted === true) {
    return (
      <Select {...control} {...labels} name={name} value={value} onChange={change} onBlur={onBlur}>
        <option value="">Choose a script</option>
        {value !== '' && !names.includes(value) && <option value={value}>{value}</option>}
        {names.map((one) => <option key={one} value={one}>{one}</option>)}
      </Select>
    );
  }
  return (
    <>
      <Input {...control} {...labels} name={name} value={value} maxLength={200} onChange={change} onBlur={onBlur} list={listId} autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder="Choose or type a model" />
      <datalist id={listId}>{names.map((one) => <option key={one} value={one}>{one}</option>)}</datalist>
    </>
  );
};
