import type { JudgedCall } from '@contracts/policies.ts';
import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { spanOf, wordsOfApprovers } from '@/components/approval/terms/terms-words.ts';
import { JsonView } from '@/components/json-view.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex min-w-0 flex-col gap-1.5">
    <h3 className="text-row font-semibold">{title}</h3>
    {children}
  </section>
);

/** A policy by name, a link where it is stored; a draft that is only tried has no page. */
const PolicyName = ({ id, name, version }: { id: string; name: string; version?: number | undefined }) => {
  const words = <><UntrustedText text={name} />{version !== undefined && ` (version ${version})`}</>;
  return /^(built-in\.|[0-9a-f]{8}-)/.test(id) ? <Link to="/governance/policies/$policyId" params={{ policyId: id }} className="text-primary underline underline-offset-4 hover:no-underline">{words}</Link> : <strong className="font-medium">{words}</strong>;
};

const Terms = ({ terms }: { terms: NonNullable<JudgedCall['terms']> }) => {
  const rows: [string, string][] = [
    ['Who decides', terms.requirements.length === 0 ? 'one of anybody who may decide' : terms.requirements.map(({ approvers, quorum, policy_name: name }) => `${quorum} of ${wordsOfApprovers(approvers)} (${name})`).join('; ')],
    ['Expires', terms.expires_after_seconds === null ? 'never' : `after ${spanOf(terms.expires_after_seconds)}, then it counts as rejected`],
    ['Extension', terms.extendable_to_seconds === null ? 'not possible' : `up to ${spanOf(terms.extendable_to_seconds)} after it was asked`],
    ...(terms.reminder_after_seconds === null ? [] : [['Reminder', `after ${spanOf(terms.reminder_after_seconds)}`] as [string, string]]),
    ...terms.escalations.map(({ after_seconds: after, approvers }): [string, string] => ['Escalates', `after ${spanOf(after)} to ${wordsOfApprovers(approvers)}`]),
    ['Own run', terms.forbids_self_approval ? 'whoever started the run may not approve it' : 'whoever started the run may approve it, given the role'],
    ['Edits', terms.editable_fields === null ? 'every argument' : terms.editable_fields.length === 0 ? 'none' : `only ${terms.editable_fields.join(', ')}`],
  ];
  return <dl className="grid gap-x-4 gap-y-1 text-row sm:grid-cols-[auto_minmax(0,1fr)]">{rows.map(([term, words], index) => <div key={index} className="contents"><dt className="text-muted-foreground max-sm:text-caption">{term}</dt><dd className="wrap-anywhere max-sm:mb-1">{words}</dd></div>)}</dl>;
};

/** What becomes of a call, by which policies, on which facts. */
export const VerdictView = ({ call }: { call: JudgedCall }) => (
  <div className="flex min-w-0 flex-col gap-4">
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-2"><EffectPill effect={call.verdict} /><RiskChip risk={call.risk_level} /><span className="text-row text-muted-foreground">{toolEffectWords[call.effect].word}</span></div>
      {call.misfit === null && <p className="text-body"><UntrustedText text={call.reason} /></p>}
      <p className="text-caption text-muted-foreground">Judged by <code className="wrap-anywhere">{call.policy_version}</code>, as the first call of a run.</p>
    </div>
    {call.misfit !== null && <p className="flex items-start gap-2 rounded-control bg-failed-tint px-3 py-2 text-row text-failed-text"><TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" /><span>The call could not be made at all: <UntrustedText text={call.misfit} /></span></p>}
    {call.problems.length > 0 && (
      <div className="rounded-control bg-waiting-tint px-3 py-2 text-row text-waiting-text">
        <p>Something was missing, so a person is asked at least:</p>
        <ul className="list-inside list-disc">{call.problems.map((problem) => <li key={problem}><UntrustedText text={problem} /></li>)}</ul>
      </div>
    )}
    {call.misfit === null && (
      <Part title="Policies that decided">
        {call.matched_rules.length === 0 ? <p className="text-row text-muted-foreground">None: no policy permits it.</p> : (
          <ul className="flex flex-col gap-1.5 text-row">
            {call.matched_rules.map((rule) => (
              <li key={rule.id} className="flex flex-wrap items-center gap-x-2">{rule.effect !== undefined && <EffectPill effect={rule.effect} />}<PolicyName id={rule.id} name={rule.name ?? rule.id} version={rule.version} />{rule.description !== '' && <span className="w-full text-caption text-muted-foreground"><UntrustedText text={rule.description} /></span>}</li>
            ))}
          </ul>
        )}
      </Part>
    )}
    {call.near_misses.length > 0 && (
      <Part title="Near misses">
        <p className="text-caption text-muted-foreground">About such calls, but their conditions did not hold of this one.</p>
        <ul className="flex flex-col gap-1.5 text-row">{call.near_misses.map((miss) => <li key={`${miss.id}-${miss.effect}`} className="flex flex-wrap items-center gap-x-2"><EffectPill effect={miss.effect} /><PolicyName id={miss.id} name={miss.name} />{miss.description !== '' && <span className="w-full text-caption text-muted-foreground"><UntrustedText text={miss.description} /></span>}</li>)}</ul>
      </Part>
    )}
    {call.terms !== null && <Part title="The approval it would ask for"><Terms terms={call.terms} /></Part>}
    <details>
      <summary className="min-h-6 cursor-pointer text-row text-muted-foreground">Facts it was judged on</summary>
      <JsonView value={call.facts} label="facts" className="mt-1" />
    </details>
  </div>
);
