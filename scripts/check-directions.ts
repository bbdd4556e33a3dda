// Checks the directions between rooms. Without a parser for the installed TypeScript dependency-cruiser finds no module and is
// content, so finding few is a failure of its own.
import { existsSync } from 'node:fs';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { directions } from './directions.ts';

const leastModules = 150;
const paths = ['contracts', 'platform', 'db', 'engine', 'temporal', 'workflows', 'activities', 'api', 'web/src', 'embedded', 'scripts', 'tests', 'bench', 'worker.ts'].filter((path) => existsSync(path));

const { output } = await cruise(paths, directions, {
  extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
  exportsFields: ['exports'],
  conditionNames: ['import', 'node', 'default'],
});
const { summary, modules } = output as ICruiseResult;
const ours = modules.filter((module) => !module.source.includes('node_modules') && module.coreModule !== true);
for (const { from, to, rule } of summary.violations) console.error(`${rule.severity} ${rule.name}: ${from} -> ${to}`);
if (ours.length < leastModules) {
  console.error(`only ${ours.length} modules were found; at least ${leastModules} are expected`);
  process.exit(1);
}
console.log(`${ours.length} modules, ${summary.totalDependenciesCruised ?? 0} dependencies, ${summary.violations.length} violations`);
process.exit(summary.violations.length === 0 ? 0 : 1);
