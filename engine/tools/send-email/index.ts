// Lives here: the send_email tool and the delivery of one message by SMTP, with certainty about what became of it.
// Does not: who may be written to (policy, from the facts), the built-in outbox (embedded).
export type { SendEmailArguments } from './arguments.ts';
export { createSendEmailTool, type SendEmailOptions } from './send-email.ts';
export { sendPlainEmail } from './send-plain-email.ts';
export { sendEmailSettingsSchema } from './settings.ts';
