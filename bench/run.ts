// `npm run bench [-- --quick]`: prints ratios within one run on this machine.
import { benchAgentRuns } from './agent-runs.bench.ts';
import { toTable } from './figures.ts';

const quick = process.argv.includes('--quick');
console.log(`Maestro against a bare Temporal loop with the same kinds of activities, same server, same settings${quick ? ' (quick)' : ''}\n`);
console.log(toTable(await benchAgentRuns({ quick })));
process.exit(0);
