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

const stepSchema = z.strictObject({
  thought: z.string().optional(),
  say: z.string().default(''),
  /** Tools to call side by side; a step without calls says the final answer. */
  calls: z.array(z.strictObject({ tool: z.string().min(1), arguments: z.record(z.string(), z.json()) })).default([]),
  /** The first that fits is taken once the calls have come out. */
  next: z.array(transitionSchema).default([]),
})
  .refine((step) => (step.calls.length > 0) === (step.next.length > 0), 'A step that calls tools says what comes next; one that does not is the end.')
  .refine((step) => step.calls.length > 0 || step.say.trim() !== '', 'The last step must say something.');
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
  start: stepNameSchema,
  steps: z.record(stepNameSchema, stepSchema),
}).superRefine((script, context) => {
  const targets = [script.start, ...Object.values(script.steps).flatMap((step) => step.next.map(({ go }) => go))];
  for (const target of new Set(targets)) if (script.steps[target] === undefined) context.addIssue({ code: 'custom', message: `There is no step "${target}".` });
  for (const [name, step] of Object.entries(script.steps)) {
    const last = step.next.at(-1);
    if (last !== undefined && (last.on !== 'any' || last.if !== undefined)) context.addIssue({ code: 'custom', path: ['steps', name], message: 'The last transition must fit anything: a script never gets stuck.' });
  }
});
export type Script = z.output<typeof scriptSchema>;
