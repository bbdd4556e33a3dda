import { AppError } from '../../contracts/errors.ts';
import { createSendEmailTool, type SendEmailArguments, type SendEmailOptions, sendEmailSettingsSchema } from '../../engine/tools/send-email/index.ts';
import type { Tool, ToolCallContext, ToolFile } from '../../engine/tools/tool.ts';

/** What an attempt of a call knows, with these files of the run. */
export const emailContext = (context: Partial<ToolCallContext> = {}, files: readonly ToolFile[] = []): ToolCallContext => ({
  runId: 'run', toolCallId: 'call', idempotencyKey: 'run:1.0', signal: new AbortController().signal,
  confirmClaim: () => Promise.resolve(),
  readResult: () => Promise.resolve(null),
  readFile: (idOrName) => {
    const file = files.findLast(({ id, name }) => id === idOrName || name === idOrName);
    return file === undefined ? Promise.reject(new AppError('TOOL_INPUT_INVALID', `This run has no file "${idOrName}".`)) : Promise.resolve(file);
  },
  revealSecrets: (text) => Promise.resolve(text),
  reportProgress: () => undefined,
  ...context,
});

/** The tool of a system with the company domain example.com. */
export const emailTool = ({ settings, ...options }: Partial<Omit<SendEmailOptions, 'settings'>> & { settings?: Partial<SendEmailOptions['settings']> } = {}): Tool<SendEmailArguments> =>
  createSendEmailTool({ smtpUrl: undefined, from: 'Maestro <maestro@maestro.example>', companyDomains: ['example.com'], settings: sendEmailSettingsSchema.parse(settings ?? {}), ...options });

export const letter: SendEmailArguments = { to: ['support-lead@example.com'], subject: 'Today\'s tickets', text: 'There were 47.\n\nAll answered. é\u{1F600}\n.\n' };

/** The AppError some work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then((value) => new Error(`no failure but ${JSON.stringify(value)}`), (thrown: unknown) => thrown);
  if (error instanceof AppError) return error;
  throw error;
}
