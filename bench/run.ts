// `npm run bench [-- agent-runs | llm | tools | safety] [--quick]`: prints ratios within one run on this machine.
import '../tests/support/web-aliases.ts';
import { parseArgs } from 'node:util';
import { toTable } from './figures.ts';

const usage = 'Usage: npm run bench [-- agent-runs | llm | tools | safety] [--quick] [--embedded]';

async function benchRuns({ quick }: { quick: boolean }): Promise<void> {
  const { benchAgentRuns } = await import('./agent-runs.bench.ts');
  console.log(`Maestro against a bare Temporal loop with the same kinds of activities, same server, same settings${quick ? ' (quick)' : ''}\n`);
  console.log(toTable(await benchAgentRuns({ quick })));
}

async function benchModels(options: { quick: boolean; embedded: boolean }): Promise<void> {
  const { benchLlm } = await import('./llm.bench.ts');
  console.log(`Maestro against the bare official clients: same server, same bodies, same machine, a model that takes no time${options.quick ? ' (quick)' : ''}`);
  await benchLlm(options, ({ title, figures }) => console.log(`\n${title}\n${toTable(figures, 'bare client')}`));
  console.log(`
How to read it: "added per call" is what a turn takes longer than the client alone: reading the run, building the prompt, recording the
turn. Set it against the seconds a real model takes. What is between the worker and the browser is batching, not work: up to 150 ms until
the worker writes and 150 ms until the api reads. A largest gap far above those two and the server's pace is a stall: Maestro's own when the
bare clients have none, the machine's when they have it too.`);
}

async function benchTheTools({ quick }: { quick: boolean }): Promise<void> {
  const { benchTools } = await import('./tools.bench.ts');
  console.log(`Tools against the bare operation: same server, same machine${quick ? ' (quick)' : ''}`);
  await benchTools({ quick }, ({ title, figures }) => console.log(`\n${title}\n${toTable(figures, 'bare')}`));
}

async function benchPolicies({ quick }: { quick: boolean }): Promise<void> {
  const { benchSafety } = await import('./safety.bench.ts');
  console.log(`Verdicts of policies${quick ? ' (quick)' : ''}`);
  benchSafety({ quick }, ({ title, figures }) => console.log(`\n${title}\n${toTable(figures)}`));
}

const benches: Record<string, (options: { quick: boolean; embedded: boolean }) => Promise<void>> = { 'agent-runs': benchRuns, llm: benchModels, tools: benchTheTools, safety: benchPolicies };

function readArguments(): (() => Promise<void>) | undefined {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false }, embedded: { type: 'boolean', default: false } } });
    const bench = positionals.length > 1 ? undefined : benches[positionals[0] ?? 'agent-runs'];
    return bench === undefined ? undefined : () => bench(values);
  } catch {
    return undefined;
  }
}

const run = readArguments();
if (run === undefined) {
  console.error(usage);
  process.exit(2);
}
await run();
process.exit(0);
