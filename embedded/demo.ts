// `npm run demo [-- --approve | --reject "reason"]`: the main job without a browser, over HTTP. Exit code 0 only when it all really happened.
import process from 'node:process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import type { ApprovalRequest } from '../contracts/approvals.ts';
import { DataDirInUseError } from './data-dir.ts';
import { DemoClient } from './demo/api-client.ts';
import { type Decision, type DemoResult, missingFrom, runDemo } from './demo/run-demo.ts';
import { startMaestro } from './maestro.ts';
import { printFailure, stopSignal } from './run-until-stopped.ts';
import { loadSecrets } from './secrets.ts';
import { StartError } from './start-error.ts';

const otherStartMs = 120_000;
const print = (line: string): void => console.log(line);

interface Installation {
  url: string;
  dataDir: string;
  stop(): Promise<void>;
}

/** What is running on the data directory already, else everything started here and stopped at the end. */
async function openInstallation(signal: AbortSignal): Promise<Installation> {
  try {
    const maestro = await startMaestro({ log: (line) => print(`· ${line}`), signal });
    print(`· running at ${maestro.url}`);
    return { url: maestro.url, dataDir: maestro.dataDir.path, stop: () => maestro.stop() };
  } catch (error) {
    if (!(error instanceof DataDirInUseError) || error.running === undefined) throw error;
    const { url } = error.running;
    print(`· using Maestro at ${url}, which is running already`);
    for (const deadline = Date.now() + otherStartMs; !(await fetch(`${url}/readyz`).then((response) => response.ok, () => false)); ) {
      signal.throwIfAborted();
      if (Date.now() > deadline) throw new StartError(`Maestro at ${url} does not answer.`, { cause: error });
      await new Promise((done) => setTimeout(done, 250));
    }
    return { url, dataDir: resolve(process.env['MAESTRO_DATA_DIR'] || '.maestro'), stop: async () => undefined };
  }
}

function printCall({ effect_sentence: sentence, risk_level: risk, tool_name: tool, arguments: args }: ApprovalRequest): void {
  print(`\nApproval needed (${risk}): ${sentence}`);
  for (const [name, value] of Object.entries(args)) print(`  ${name}: ${typeof value === 'string' ? value.replaceAll('\n', '\n    ') : JSON.stringify(value)}`);
  print(`  (this exact call of ${tool} runs if you approve)`);
}

async function askOnTerminal(signal: AbortSignal): Promise<Decision> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // While a question is open the terminal hands Ctrl-C to readline alone.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    for (;;) {
      const answer = (await terminal.question('\nApprove it? [y]es / [n]o: ', { signal })).trim().toLowerCase();
      if (/^y(es)?$/.test(answer)) return { verdict: 'approve' };
      if (/^no?$/.test(answer)) return { verdict: 'reject', reason: (await terminal.question('Why not? The agent reads it: ', { signal })).trim() || 'Not approved.' };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    print('\n· settled elsewhere');
    return undefined;
  } finally {
    terminal.close();
  }
}

function printResult({ run, approvals, emails }: DemoResult): void {
  print(`\n${run.status.toUpperCase()} after ${run.iterations} iterations, ${((run.active_ms ?? 0) / 1000).toFixed(1)} s active, ${(run.waiting_ms / 1000).toFixed(1)} s waiting for a person`);
  print(`  usage     ${run.usage.input_tokens ?? 'unknown'} input and ${run.usage.output_tokens ?? 'unknown'} output tokens, ${run.cost_micro_usd === null ? 'cost unknown' : `$${(run.cost_micro_usd / 1e6).toFixed(6)}`}${run.llm_provider === 'scripted' ? ' (scripted: no model was called)' : ''}`);
  for (const { decision, effect_sentence: sentence } of approvals) {
    if (decision !== null) print(`  decision  ${decision.verdict} by ${decision.decided_by.name} at ${decision.decided_at}${decision.note === null ? '' : ` ("${decision.note}")`}: ${sentence}`);
  }
  if (run.outputs !== null) print(`  answer    ${run.outputs.answer}`);
  if (run.error !== null) print(`  error     ${run.error.message}`);
  for (const email of emails) print(`\nDelivered e-mail ${email.message_id}\n  from ${email.from}\n  to ${email.to.join(', ')}\n  subject ${email.subject}\n\n${email.text.trimEnd().replaceAll(/^/gm, '    ')}`);
}

function readFlags(): { approve?: boolean; reject?: string } {
  try {
    const { values } = parseArgs({ options: { approve: { type: 'boolean' }, reject: { type: 'string' } } });
    if (values.approve === true && values.reject !== undefined) throw new Error('Choose one of --approve and --reject.');
    return values;
  } catch (error) {
    throw new StartError(`${(error as Error).message}\nUsage: npm run demo -- [--approve | --reject "reason"]`);
  }
}

async function main(signal: AbortSignal): Promise<boolean> {
  const flags = readFlags();
  if (flags.approve !== true && flags.reject === undefined && !process.stdin.isTTY) throw new StartError('Nobody can be asked without a terminal: add --approve or --reject "reason".');
  const installation = await openInstallation(signal);
  let isApproved = flags.approve === true;
  try {
    const secrets = loadSecrets(`${installation.dataDir}/secrets.json`);
    const client = new DemoClient(installation.url, { email: process.env['MAESTRO_ADMIN_EMAIL'] || secrets.admin_email, password: process.env['MAESTRO_ADMIN_PASSWORD'] || secrets.admin_password });
    const result = await runDemo({
      client, signal, log: print,
      async decide(approval, settledElsewhere) {
        printCall(approval);
        const decision = flags.approve === true ? { verdict: 'approve' as const } : flags.reject !== undefined ? { verdict: 'reject' as const, reason: flags.reject } : await askOnTerminal(settledElsewhere);
        if (decision !== undefined) print(decision.verdict === 'approve' ? '  approved' : `  rejected: ${decision.reason}`);
        isApproved = decision?.verdict === 'approve';
        return decision;
      },
    });
    // Decided in the web app meanwhile: then that is the decision to check against.
    isApproved ||= result.approvals[0]?.decision?.verdict === 'approve' && flags.reject === undefined;
    printResult(result);
    const missing = missingFrom(result, { isApproved, hasOutbox: !process.env['SMTP_URL'] });
    print(missing.length === 0 ? `\nIt all really happened. The run: ${installation.url}/maestro/runs/${result.run.run_id}` : `\nNot everything happened:\n${missing.map((line) => `  - ${line}`).join('\n')}`);
    return missing.length === 0;
  } finally {
    await installation.stop();
  }
}

const signal = stopSignal();
const exitCode = await main(signal).then((isComplete) => (isComplete ? 0 : 1), (error: unknown) => {
  if (signal.aborted) return 130;
  printFailure(error);
  return 1;
});
process.exit(exitCode);
