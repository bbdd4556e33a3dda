import { z } from 'zod';

const domain = z.string().trim().toLowerCase().max(253).regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'Write a domain such as example.com.');

/** `name@example.com` or `Maestro <name@example.com>`. A name with characters that mean something else in a header stands in quotes. */
const sender = /^(?:(?:[^<>":;\\\u0000-\u001F]*|"[^<>"\\\u0000-\u001F]*"\s*)<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;

/** What an admin sets for `send_email`. */
export const sendEmailSettingsSchema = z.strictObject({
  from: z.string().trim().max(320).regex(sender, 'Write one sender such as Maestro <maestro@example.com>.').nullable().default(null).describe('Sender when the agent names none; empty: SMTP_FROM.'),
  sender_domains: z.array(domain).max(50).default([]).describe('Domains an agent may send from with an address of its own choice; empty: it may choose none.'),
  recipient_domains: z.array(domain).max(200).default([]).describe('When not empty, mail goes to these domains and their subdomains only.'),
  max_recipients: z.int().min(1).max(500).default(50).describe('Most recipients of one e-mail, Cc and Bcc included.'),
});
export type SendEmailSettings = z.infer<typeof sendEmailSettingsSchema>;
