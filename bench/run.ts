// `npm run bench [-- --quick]`: prints ratios within one run on this machine.
import '../tests/support/web-aliases.ts';
import { toTable } from './figures.ts';

const { benchAgentRuns } = await import('./agent-runs.bench.ts');

const quick = process.argv.includes('--quick');
console.log(`Maestro against a bare Temporal loop with the same kinds of activities, same server, same settings${quick ? ' (quick)' : ''}\n`);
console.log(toTable(await benchAgentRuns({ quick })));
process.exit(0);
