import { useQuery } from '@tanstack/react-query';
import { ArgumentFieldControl } from '@/components/approval/edit/argument-field.tsx';
import type { ArgumentField } from '@/components/approval/edit/schema-fields.ts';
import { Field } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { optionName } from './tool-values.ts';

interface Props {
  field: ArgumentField;
  text: string;
  error: string | undefined;
  onChange: (text: string) => void;
  onBlur: () => void;
}

/** What an empty field means, where it means something: the default of the schema. */
const emptyHint = ({ schema, isRequired }: ArgumentField): string => {
  const fallback = schema['default'];
  return isRequired || fallback === undefined || fallback === null || Array.isArray(fallback) || fallback === '' ? '' : `Empty: ${String(fallback)}.`;
};

/** The name of a secret, chosen from those there are. One that is gone is still shown, so that saving does not change it unseen. */
const SecretChoice = ({ field, text, error, onChange, onBlur }: Props) => {
  const secrets = useQuery(apiQuery('listSecrets')).data?.items ?? [];
  return (
    <Field label={field.label} hint={`${field.description ?? ''} Secrets are added on the tab Secrets.`.trim()} error={error}>
      {(control) => (
        <Select {...control} name={optionName(field.key)} value={text} onChange={(event) => onChange(event.target.value)} onBlur={onBlur}>
          <option value="">None</option>
          {text !== '' && !secrets.some(({ name }) => name === text) && <option value={text}>{text} (there is no such secret)</option>}
          {secrets.map(({ id, name, is_readable: isReadable }) => <option key={id} value={name}>{name}{!isReadable && ' (cannot be opened)'}</option>)}
        </Select>
      )}
    </Field>
  );
};

/** One setting of a tool alone. Settings called `…_secret` name a secret. */
export const SettingField = (props: Props) =>
  /(^|_)secret$/.test(props.field.key) && props.field.kind === 'text' ? <SecretChoice {...props} /> : <ArgumentFieldControl {...props} name={optionName(props.field.key)} emptyHint={emptyHint(props.field)} />;
