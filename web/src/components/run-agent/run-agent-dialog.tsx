import type { Agent } from '@contracts/agents.ts';
import { ChevronDown, Play } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { parseJsonObject } from '@/lib/parse-json-object.ts';
import { focusField, type FormProblem, FormSummary } from '../form-summary.tsx';
import { LimitFields } from '../limits/limit-fields.tsx';
import { changedLimits, fromLimitValues, toLimitField, toLimitValues } from '../limits/limit-values.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/textarea.tsx';
import { ApprovalForecast } from './approval-forecast.tsx';
import { demoGoal } from './demo.ts';
import { ModelForecast } from './model-forecast.tsx';
import { useStartRun } from './use-start-run.ts';

/** Field a refusal of the api belongs to; undefined: none of this form. */
const toField = (path: string): string | undefined => {
  if (path === 'inputs.goal') return 'goal';
  if (path.startsWith('inputs.data')) return 'data';
  return path.startsWith('limits.') ? toLimitField(path) : undefined;
};

const RunForm = ({ agent }: { agent: Agent }) => {
  const [goal, setGoal] = useState(agent.is_demo ? demoGoal : '');
  const [data, setData] = useState('');
  const [limits, setLimits] = useState(() => toLimitValues(agent.limits));
  const [problems, setProblems] = useState<FormProblem[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const { start, isBusy, error } = useStartRun();

  const show = (found: FormProblem[]): void => {
    setProblems(found);
    const [first] = found;
    if (first?.field !== undefined) focusField(form.current, first.field);
  };
  const showRefusal = (refusal: unknown): void => {
    const issues = refusal instanceof ApiError ? refusal.fieldIssues : [];
    show(issues.length === 0 ? [{ message: sentenceOf(refusal) }] : issues.map(({ path, message }) => ({ field: toField(path), message: toField(path) === undefined && path !== '' ? `${path}: ${message}` : message })));
  };
  // Follows the request: an answer that came while the form was already mounted lands on its fields.
  const shownError = useRef<unknown>(null);
  useEffect(() => {
    if (error === shownError.current) return;
    shownError.current = error;
    if (error !== null) showRefusal(error);
  });

  const check = (): { found: FormProblem[]; send: () => void } => {
    const input = parseJsonObject(data);
    const { limits: given, issues } = fromLimitValues(limits);
    const found: FormProblem[] = [
      ...(goal.trim() === '' ? [{ field: 'goal', message: 'Say what the agent should do.' }] : []),
      ...(input.ok ? [] : [{ field: 'data', message: input.message }]),
      ...issues.map(({ path, message }) => ({ field: path, message })),
    ];
    const changed = changedLimits(given, agent.limits);
    const send = (): void =>
      start({
        agent_id: agent.id,
        inputs: { goal: goal.trim(), ...(input.ok && input.data !== undefined ? { data: input.data as never } : {}) },
        ...(Object.keys(changed).length === 0 ? {} : { limits: changed }),
      });
    return { found, send };
  };
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    const { found, send } = check();
    show(found);
    if (found.length === 0) send();
  };
  /** On leaving a field only that field is judged. */
  const checkOne = (field: string): void => {
    const now = check().found.find((problem) => problem.field === field);
    setProblems((before) => [...before.filter((problem) => problem.field !== field), ...(now === undefined ? [] : [now])]);
  };
  useFormKeys(form, { onSend: submit });
  const errors: Record<string, string | undefined> = Object.fromEntries(problems.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message]])));

  return (
    <form ref={form} noValidate onSubmit={submit} className="flex min-h-0 flex-col gap-4">
      <FormSummary problems={problems} onGo={(field) => focusField(form.current, field)} title="The run was not started" />
      <Field label="Goal" isRequired error={errors['goal']}>
        {(control) => <Textarea {...control} name="goal" value={goal} maxLength={20_000} onChange={(event) => setGoal(event.target.value)} onBlur={() => goal !== '' && checkOne('goal')} placeholder="What should the agent do, in your own words?" className="min-h-24" />}
      </Field>
      <details className="group rounded-control border" open={errors['data'] !== undefined || undefined}>
        <summary className="flex min-h-9 cursor-pointer items-center px-3 text-body font-medium max-sm:min-h-11">Inputs as JSON <span className="ml-2 font-normal text-muted-foreground">optional</span><ChevronDown aria-hidden className="ml-auto size-4 transition-transform duration-120 group-open:rotate-180" /></summary>
        <div className="border-t p-3">
          <Field label="Inputs" hint="An object the agent reads below the goal." error={errors['data']}>
            {(control) => <Textarea {...control} name="data" value={data} spellCheck={false} autoCapitalize="none" onChange={(event) => setData(event.target.value)} onBlur={() => checkOne('data')} placeholder={'{"customer": "ACME"}'} className="font-mono sm:text-row" />}
          </Field>
        </div>
      </details>
      <details className="group rounded-control border" open={problems.some(({ field }) => field?.startsWith('limits.')) || undefined}>
        <summary className="flex min-h-9 cursor-pointer items-center px-3 text-body font-medium max-sm:min-h-11">Limits of this run <span className="ml-2 font-normal text-muted-foreground">taken from the agent</span><ChevronDown aria-hidden className="ml-auto size-4 transition-transform duration-120 group-open:rotate-180" /></summary>
        <div className="border-t p-3 [&>div]:lg:grid-cols-2">
          <LimitFields values={limits} errors={errors} onChange={(changes) => setLimits({ ...limits, ...changes })} />
        </div>
      </details>
      <ApprovalForecast tools={agent.tools} />
      <ModelForecast agent={agent} />
      {agent.llm_provider === 'scripted' && <p className="flex items-center gap-2 text-row text-muted-foreground"><Badge>Scripted</Badge>No model is called: the answers follow a script.</p>}
      <DialogFooter>
        <Button type="submit" isBusy={isBusy}>
          {!isBusy && <Play aria-hidden />}
          Run
          <kbd aria-hidden className="text-caption opacity-80 max-sm:hidden">Ctrl ↵</kbd>
        </Button>
        <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
      </DialogFooter>
    </form>
  );
};

/** Asks what an agent should do and starts a run; goes to the run's page. */
export const RunAgentDialog = ({ agent, isOpen, onOpenChange }: { agent: Agent; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => (
  <Dialog open={isOpen} onOpenChange={onOpenChange}>
    <DialogContent className="max-w-xl max-sm:max-h-[92dvh]">
      <DialogHeader>
        <DialogTitle>Run {agent.name}</DialogTitle>
        <DialogDescription>{agent.llm_model} · version {agent.version}</DialogDescription>
      </DialogHeader>
      <RunForm key={agent.id} agent={agent} />
    </DialogContent>
  </Dialog>
);
