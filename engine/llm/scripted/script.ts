import { z } from 'zod';

const stepNameSchema = z.string().regex(/^[a-z]+(_[a-z]+)*$/, 'Lower-case words joined by underscores: the name becomes part of call ids.');

/** A fact of the conversation so far: exactly one of the tests. `below` names another path, to count up to a number in the goal. */
const conditionSchema = z.strictObject({ path: z.string().min(1), equals: z.json().optional(), is_null: z.boolean().optional(), below: z.string().optional() })
  .refine((condition) => [condition.equals, condition.is_null, condition.below].filter((test) => test !== undefined).length === 1, 'Exactly one of equals, is_null, below.');
export type Condition = z.output<typeof conditionSchema>;

const transitionSchema = z.strictObject({
  /** How the calls of the step came out; `refused`: a policy, a guard or a person said no. One bad call decides for all of them. */
  on: z.enum(['succeeded', 'failed', 'refused', 'any']),
  if: conditionSchema.optional(),
  go: stepNameSchema,
});

/**
 * What goes wrong before a step is answered: an error status, or trouble on the way. A script served over HTTP does exactly this; played
 * in-process, the fault is the error the adapters make of it.
 */
const faultSchema = z.strictObject({
  status: z.number().int().min(400).max(599).optional(),
  /** Sent with the status as it is; without one, the words of each API for the status. */
  body: z.json().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  kind: z.enum(['hang_before_first_byte', 'stall_mid_stream', 'cut_mid_stream', 'malformed', 'html', 'slow']).optional(),
  /** Between two pieces of a `slow` answer. */
  delay_ms: z.number().int().min(1).max(60_000).default(1_000),
  /** How often the step fails before it answers, counted for each goal. */
  times: z.number().int().min(1).max(1_000).default(1),
})
  .refine(({ status, kind }) => status !== undefined || kind !== undefined, 'A fault has a status or a kind.')
  .refine(({ status, kind }) => status === undefined || kind === undefined || kind === 'html', 'Only a web page comes with a status of its own.');
export type Fault = z.output<typeof faultSchema>;

const callSchema = z.strictObject({
  tool: z.string().min(1),
  arguments: z.record(z.string(), z.json()),
  times: z.number().int().min(1).max(1_000).default(1),
  /** Has the id of the call before it: what some servers do. */
  shares_id: z.boolean().default(false),
});

const stepSchema = z.strictObject({
  thought: z.string().optional(),
  /** A template; data instead of a text is said as JSON. */
  say: z.union([z.string(), z.record(z.string(), z.json())]).default(''),
  /** Says it so many times over: large answers are made, not stored. */
  say_times: z.number().int().min(1).max(5_000_000).default(1),
  /** Tools to call side by side; a step without calls says the final answer. */
  calls: z.array(callSchema).default([]),
  /** The first that fits is taken once the calls have come out. */
  next: z.array(transitionSchema).default([]),
  /** Answers when somebody is not content with this final answer; without it, the answer stays. */
  again: stepNameSchema.optional(),
  ends_as: z.enum(['refusal', 'max_tokens']).optional(),
  fault: faultSchema.optional(),
})
  .refine((step) => (step.calls.length > 0) === (step.next.length > 0), 'A step that calls tools says what comes next; one that does not is the end.')
  .refine((step) => step.calls.length > 0 || typeof step.say !== 'string' || step.say.trim() !== '', 'The last step must say something.')
  .refine((step) => step.calls.length === 0 || (step.again === undefined && step.ends_as === undefined), 'Only a final answer is given again or ends in a way of its own.');
export type Step = z.output<typeof stepSchema>;

/**
 * A script: decisions written down beforehand, which a scripted model replays. Texts and arguments are templates over what the tools
 * really returned; see render-template.ts.
 */
export const scriptSchema = z.strictObject({
  title: z.string().min(1),
  description: z.string().min(1),
  /** Whether people are offered it; the others serve tests and benchmarks and are found by name. */
  is_listed: z.boolean(),
  /** Between two pieces of a streamed answer, so that it is seen to stream. */
  pace_ms: z.number().int().min(0).max(1_000).default(0),
  start: stepNameSchema,
  steps: z.record(stepNameSchema, stepSchema),
}).superRefine((script, context) => {
  const targets = [script.start, ...Object.values(script.steps).flatMap((step) => [...step.next.map(({ go }) => go), ...(step.again === undefined ? [] : [step.again])])];
  for (const target of new Set(targets)) if (script.steps[target] === undefined) context.addIssue({ code: 'custom', message: `There is no step "${target}".` });
  for (const [name, step] of Object.entries(script.steps)) {
    const last = step.next.at(-1);
    if (last !== undefined && (last.on !== 'any' || last.if !== undefined)) context.addIssue({ code: 'custom', path: ['steps', name], message: 'The last transition must fit anything: a script never gets stuck.' });
  }
});
export type Script = z.output<typeof scriptSchema>;
