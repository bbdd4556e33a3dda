import { createSendEmailTool, type SendEmailArguments, type SendEmailOptions, sendEmailSettingsSchema } from '../../engine/tools/send-email/index.ts';
import type { Tool, ToolCallContext, ToolFile } from '../../engine/tools/tool.ts';
import { callContext } from './tools.ts';

/** What an attempt of a call knows, with these files of the run. */
export const emailContext = (context: Partial<ToolCallContext> = {}, files: readonly ToolFile[] = []): ToolCallContext =>
  callContext({
    readFile: (idOrName) => {
      const file = files.findLast(({ id, name }) => id === idOrName || name === idOrName);
      return file === undefined ? callContext().readFile(idOrName) : Promise.resolve(file);
    },
    ...context,
  });

/** The tool of a system with the company domain example.com. */
export const emailTool = ({ settings, ...options }: Partial<Omit<SendEmailOptions, 'settings'>> & { settings?: Partial<SendEmailOptions['settings']> } = {}): Tool<SendEmailArguments> =>
  createSendEmailTool({ smtpUrl: undefined, from: 'Maestro <maestro@maestro.example>', companyDomains: ['example.com'], settings: sendEmailSettingsSchema.parse(settings ?? {}), ...options });

export const letter: SendEmailArguments = { to: ['support-lead@example.com'], subject: 'Today\'s tickets', text: 'There were 47.\n\nAll answered. é\u{1F600}\n.\n' };
