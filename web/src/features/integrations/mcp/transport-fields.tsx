import { type ReactNode, useRef } from 'react';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import type { McpValues } from './mcp-values.ts';
import { SecretInsert } from './secret-insert.tsx';

interface Props {
  values: McpValues;
  messages: Record<string, string | undefined>;
  allowsStdio: boolean;
  onChange: (changes: Partial<McpValues>) => void;
  onTouch: (field: string) => void;
}

const Choice = ({ value, current, isDisabled = false, onChoose, children, hint }: { value: string; current: string; isDisabled?: boolean; onChoose: () => void; children: ReactNode; hint: ReactNode }) => (
  <label className="flex items-start gap-2 text-body max-sm:min-h-11">
    <input type="radio" name="transport" value={value} checked={current === value} disabled={isDisabled} onChange={onChoose} className="mt-0.5 size-4 shrink-0 accent-primary" />
    <span className={isDisabled ? 'text-muted-foreground' : undefined}>{children}<span className="block text-caption text-muted-foreground">{hint}</span></span>
  </label>
);

/** Pairs in lines, with a way to put secrets into them. */
const Pairs = ({ field, label, hint, placeholder, values, messages, onChange, onTouch }: Omit<Props, 'allowsStdio'> & { field: 'env' | 'headers'; label: string; hint: string; placeholder: string }) => {
  const ref = useRef<HTMLTextAreaElement>(null);
  return (
    <div className="flex flex-col gap-2">
      <Field label={label} hint={hint} error={messages[field]}>
        {(control) => <Textarea {...control} ref={ref} name={field} value={values[field]} rows={2} placeholder={placeholder} className="font-mono" autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => onChange({ [field]: event.target.value })} onBlur={() => onTouch(field)} />}
      </Field>
      <SecretInsert inputRef={ref} text={values[field]} onText={(text) => onChange({ [field]: text })} />
    </div>
  );
};

/** How a server is reached: by an address, or as a program on the worker's machine. */
export const TransportFields = ({ allowsStdio, ...props }: Props) => {
  const { values, messages, onChange, onTouch } = props;
  const text = (field: 'command' | 'args' | 'url') => ({
    name: field, value: values[field], autoComplete: 'off', autoCapitalize: 'none', spellCheck: false,
    onChange: (event: { target: { value: string } }) => onChange({ [field]: event.target.value }), onBlur: () => onTouch(field),
  });
  return (
    <>
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="mb-1.5 text-body font-medium">How it is reached</legend>
        <Choice value="streamable_http" current={values.transport} onChoose={() => onChange({ transport: 'streamable_http' })} hint="A server with an address, here or elsewhere.">Over HTTP</Choice>
        <Choice
          value="stdio"
          current={values.transport}
          isDisabled={!allowsStdio && values.transport !== 'stdio'}
          onChoose={() => onChange({ transport: 'stdio' })}
          hint={allowsStdio ? 'A program on the worker’s machine, with its rights. Add only what you would run yourself.' : <>Switched off on this system. <code>MCP_STDIO=on</code>, where api and worker are started, allows it.</>}
        >
          As a program
        </Choice>
        {messages['transport'] !== undefined && <FieldError>{messages['transport']}</FieldError>}
      </fieldset>
      {values.transport === 'stdio' ? (
        <>
          <Field label="Program" isRequired hint="Found on the worker’s PATH, or a whole path. No shell reads it." error={messages['command']}>{(control) => <Input {...control} {...text('command')} maxLength={500} placeholder="npx" className="font-mono" />}</Field>
          <Field label="Arguments" hint="One a line, as they are; nothing is expanded. A line in double quotes is read as JSON, for spaces at its ends." error={messages['args']}>{(control) => <Textarea {...control} {...text('args')} rows={3} placeholder={'-y\n@modelcontextprotocol/server-everything'} className="font-mono" />}</Field>
          <Pairs {...props} field="env" label="Environment" hint="NAME=value, one a line. The program gets these and none of the worker’s own. Keys only as secrets." placeholder="GITHUB_TOKEN={{secret:github}}" />
        </>
      ) : (
        <>
          <Field label="Address" isRequired hint="Of its MCP endpoint (streamable HTTP). Without credentials." error={messages['url']}>{(control) => <Input {...control} {...text('url')} maxLength={2_000} placeholder="https://mcp.example.com/mcp" />}</Field>
          <Pairs {...props} field="headers" label="Headers" hint="Name: value, one a line; sent with each request. Keys only as secrets." placeholder="Authorization: Bearer {{secret:github}}" />
        </>
      )}
    </>
  );
};
