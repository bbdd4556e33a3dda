import { policyFormSchema } from '../../contracts/policies.ts';
import { demoTag } from './demo-agent.ts';

/**
 * A draft a new installation starts with: with it live, the demo's e-mail would not wait for a person. Back-tested over runs of the demo it is looser
 * by one decision each.
 */
export const demoPolicy = {
  name: 'Support mails colleagues by itself',
  form: policyFormSchema.parse({
    effect: 'allow', tools: ['send_email'], tags: [demoTag],
    conditions: [{ fact: 'outside_recipient_count', operator: 'is', value: 0 }],
    reason: 'A message of the support agents to colleagues.',
  }),
};
