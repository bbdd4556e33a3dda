import type { SimulateAgentBody, TryCallBody } from '@contracts/policies.ts';
import { useQuery } from '@tanstack/react-query';
import { History, Scale } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import { ArgumentFieldControl } from '@/components/approval/edit/argument-field.tsx';
import { toDraftText } from '@/components/approval/edit/schema-fields.ts';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { api } from '@/lib/api-client.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { focusField } from '@/lib/focus-field.ts';
import { type CallDraft, callWith, emptyCall, fieldsOf, readCall, switchMode } from './call-draft.ts';
import { PastCalls } from './past-calls.tsx';
import { toolGroupsOf } from './tool-groups.ts';
import { useTriedAgent } from './use-tried-agent.ts';
import { VerdictView } from './verdict-view.tsx';

const goneWords = 'This agent was deleted: choose another one to judge the call as.';

export interface TriedCall {
  agent: string | undefined;
  tool: string | undefined;
}

/** Puts a call together and shows its verdict; nothing is run. `draft`: text that judges in the place of its policy. */
export const TryCall = ({ agent, tool, onChoose, draft, refusal }: TriedCall & { onChoose: (call: TriedCall) => void; draft?: SimulateAgentBody['draft']; /** Why nothing can be tried just now. */ refusal?: string | undefined }) => {
  const { agents, agent: chosenAgent, isGone } = useTriedAgent(agent);
  const tools = useQuery({ ...apiQuery('listTools'), staleTime: 60_000 });
  const [kept, setKept] = useState<{ tool: string | undefined; draft: CallDraft }>({ tool, draft: emptyCall });
  const [messages, setMessages] = useState<Record<string, string>>({});
  const [isPicking, setIsPicking] = useState(false);
  const [lastAsked, setAsked] = useState<Omit<TryCallBody, 'draft'>>();
  const formRef = useRef<HTMLFormElement>(null);
  const verdictRef = useRef<HTMLElement>(null);
  const verdictId = useId();
  const isBeside = useMediaQuery('(min-width: 64rem)');
  // The address says which tool: arguments and a verdict of another one do not count.
  const call = kept.tool === tool ? kept.draft : emptyCall;
  const asked = lastAsked?.tool_name === tool && lastAsked?.agent_id === agent ? lastAsked : undefined;
  const verdict = useQuery({
    // Named by its endpoint: events of policies ask anew.
    queryKey: ['tryCall', asked, draft],
    queryFn: ({ signal }) => api.call('tryCall', { body: { ...(asked as TryCallBody), ...(draft === undefined ? {} : { draft }) }, signal }),
    enabled: asked !== undefined && refusal === undefined && !isGone,
    // Another text may judge while the verdict stands; another call has none yet.
    placeholderData: (shown, from) => (from?.queryKey[1] === asked ? shown : undefined),
    staleTime: 0,
    retry: false,
  });

  const parameters = tools.data?.items.find(({ name }) => name === tool)?.parameters;
  const choose = (changes: Partial<TriedCall>): void => {
    setMessages({});
    onChoose({ agent, tool, ...changes });
  };
  const change = (next: CallDraft): void => {
    setKept({ tool, draft: next });
    setAsked(undefined);
  };
  /** Narrow, it stands below a long form; beside the form it is in sight. */
  const showVerdict = (): void => verdictRef.current?.scrollIntoView({ block: isBeside ? 'nearest' : 'start' });
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (refusal !== undefined) return;
    const read = readCall(parameters, call);
    const missing = { ...(agent === undefined || isGone ? { agent: agent === undefined ? 'Choose an agent.' : goneWords } : {}), ...(tool === undefined ? { tool: 'Choose a tool.' } : {}), ...(read.ok ? {} : read.messages) };
    setMessages(missing);
    focusField(formRef.current, Object.keys(missing)[0]);
    if (Object.keys(missing).length === 0 && read.ok && agent !== undefined && tool !== undefined) {
      setAsked({ agent_id: agent, tool_name: tool, arguments: read.args as TryCallBody['arguments'] });
      showVerdict();
    }
  };
  useFormKeys(formRef, { onSend: () => submit() });

  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Card>
        <CardHeader>
          <CardTitle>The call</CardTitle>
          <Button variant="outline" size="small" onClick={() => setIsPicking(true)}><History aria-hidden />Pick a past call</Button>
        </CardHeader>
        <CardContent>
          <form ref={formRef} noValidate onSubmit={submit} className="flex flex-col gap-4">
            <div className="grid items-start gap-3 sm:grid-cols-2">
              <Field label="Agent" error={isGone ? goneWords : messages['agent']}>
                {(control) => (
                  <Select {...control} name="agent" value={agent ?? ''} onChange={(event) => choose({ agent: event.target.value })}>
                    <option value="" disabled>Choose an agent</option>
                    {agent !== undefined && chosenAgent === undefined && <option value={agent}>{isGone ? 'an agent that was deleted' : agent}</option>}
                    {agents.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
                  </Select>
                )}
              </Field>
              <Field label="Tool" error={messages['tool']}>
                {(control) => (
                  <Select {...control} name="tool" value={tool ?? ''} onChange={(event) => choose({ tool: event.target.value })}>
                    <option value="" disabled>Choose a tool</option>
                    {toolGroupsOf({ agentTools: chosenAgent?.tools ?? [], catalogue: (tools.data?.items ?? []).map(({ name }) => name), chosen: tool }).map(({ label, names }) => (
                      <optgroup key={label} label={label}>{names.map((name) => <option key={name} value={name}>{name}</option>)}</optgroup>
                    ))}
                  </Select>
                )}
              </Field>
            </div>
            {tool !== undefined && (
              <fieldset className="flex min-w-0 flex-col gap-3">
                <legend className="mb-2 flex w-full items-center justify-between gap-2 text-body font-semibold">
                  Arguments
                  <Button variant="link" size="inline" className="text-row font-normal" onClick={() => {
                    const switched = switchMode(parameters, call);
                    if (switched === undefined) submit();
                    else change(switched);
                  }}>{call.mode === 'fields' ? 'Write as JSON' : 'Show as form'}</Button>
                </legend>
                {call.mode === 'json' ? (
                  <Field label="Arguments as JSON" error={messages['json']}>
                    {(control) => <Textarea {...control} name="json" value={call.json} spellCheck={false} autoCapitalize="none" className="min-h-48 font-mono sm:text-row" onChange={(event) => change({ ...call, json: event.target.value })} />}
                  </Field>
                ) : (
                  fieldsOf(parameters, call).map((field) => (
                    <ArgumentFieldControl
                      key={field.key}
                      field={field}
                      text={call.typed[field.key] ?? toDraftText(field, call.begin[field.key])}
                      error={messages[field.key]}
                      onChange={(text) => change({ ...call, typed: { ...call.typed, [field.key]: text } })}
                    />
                  ))
                )}
              </fieldset>
            )}
            <div className="flex flex-wrap items-center gap-3">
              <Button type="submit" isBusy={verdict.isFetching} aria-disabled={refusal !== undefined || undefined}><Scale aria-hidden />Judge this call</Button>
              <span className="text-caption text-muted-foreground">{refusal ?? 'Nothing is run and nothing is recorded.'}</span>
            </div>
          </form>
        </CardContent>
      </Card>
      <Card ref={verdictRef} tabIndex={-1} aria-labelledby={verdictId} className="scroll-my-20 lg:sticky lg:top-16" aria-live="polite">
        <CardHeader><CardTitle id={verdictId}>Verdict</CardTitle></CardHeader>
        <CardContent>
          {asked === undefined || isGone ? <p className="text-row text-muted-foreground">{isGone ? goneWords : agent === undefined || tool === undefined ? 'Choose an agent, a tool and its arguments, or pick a past call.' : 'Not judged as it stands.'}</p>
            : verdict.error !== null ? <ErrorPanel what="The verdict" error={verdict.error} onRetry={() => void verdict.refetch()} isRetrying={verdict.isFetching} />
            : verdict.data === undefined ? <p className="text-row text-muted-foreground">Judging…</p> : <VerdictView call={verdict.data} />}
        </CardContent>
      </Card>
      {isPicking && (
        <PastCalls
          chosen={isGone ? undefined : chosenAgent}
          agents={agents}
          onClose={() => setIsPicking(false)}
          onPicked={() => {
            verdictRef.current?.focus({ preventScroll: true });
            showVerdict();
          }}
          onPick={({ agentId, toolName, args }) => {
            setIsPicking(false);
            setMessages({});
            setKept({ tool: toolName, draft: callWith(args) });
            onChoose({ agent: agentId, tool: toolName });
            setAsked({ agent_id: agentId, tool_name: toolName, arguments: args as TryCallBody['arguments'] });
          }}
        />
      )}
    </div>
  );
};
