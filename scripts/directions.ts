import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';

// Which room may import which, each rule with its reason. Checked by scripts/check-directions.ts, which also fails when no module was found.
const rooms = ['contracts', 'platform', 'db', 'engine', 'temporal', 'workflows', 'activities', 'api', 'web', 'embedded', 'tests', 'bench', 'scripts'];
const code = '\\.(ts|tsx|mjs)$';
const testFiles = '(\\.test\\.ts|\\.cases\\.ts|/__fixtures__/)';

/** `room` imports nothing of ours but `allowed`. Tests beside the source may use tests/support. */
const only = (room: string, allowed: string[], comment: string): IForbiddenRuleType => ({
  name: `${room}-imports-only-${allowed.join('-') || 'itself'}`,
  comment,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: testFiles },
  to: { path: `^(${[...rooms, 'worker\\.ts'].join('|')})(/|$)`, pathNot: `^(${[room, ...allowed].join('|')})(/|$)` },
});
const noPackage = (room: string, packages: string, comment: string): IForbiddenRuleType => ({
  name: `${room}-without-${packages.replace(/\W+/g, '-')}`,
  comment,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: testFiles },
  to: { path: `node_modules/(${packages})(/|$)` },
});

/** @see https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md */
export const directions: ICruiseOptions = {
  validate: true,
  ruleSet: {
  forbidden: [
    { name: 'no-circular', comment: 'Two files that need each other are one idea, or hide a third.', severity: 'error', from: { path: code }, to: { circular: true } },
    only('contracts', [], 'Contracts are the border: whoever imports them must get nothing else.'),
    { name: 'contracts-import-zod-only', comment: 'The browser loads contracts.', severity: 'error', from: { path: '^contracts/', pathNot: testFiles }, to: { path: 'node_modules/', pathNot: 'node_modules/zod(/|$)' } },
    { ...only('platform', ['contracts', 'temporal'], 'Plumbing knows no agent. Of temporal it may know names.ts, which imports nothing.') },
    { name: 'platform-knows-temporal-names-only', comment: 'Configuration names worker roles; connecting is temporal\'s business.', severity: 'error', from: { path: '^platform/' }, to: { path: '^temporal/', pathNot: '^temporal/names\\.ts$' } },
    only('db', ['contracts', 'platform'], 'SQL knows no rules.'),
    only('engine', ['contracts', 'db', 'platform'], 'What an agent does must run without HTTP and without Temporal.'),
    noPackage('engine', '@temporalio/.*|express', 'The engine knows neither HTTP nor Temporal.'),
    { name: 'temporal-implements-the-port', comment: 'temporal/ implements the engine\'s ports on what runs there and may know their types, and the messages of workflows.', severity: 'error', from: { path: '^temporal/', pathNot: testFiles }, to: { path: '^(engine|workflows)/', pathNot: '^(engine/(runs/agent-runs|governance/back-tests/runner|notices/notifier)\\.ts|workflows/[^/]+/(messages|workflow)\\.ts)$' } },
    { name: 'temporal-imports-little', comment: 'It talks to the Temporal Service and nothing else.', severity: 'error', from: { path: '^temporal/', pathNot: testFiles }, to: { path: '^(db|activities|api|web|embedded|tests|bench|scripts)/' } },
    { name: 'names-import-nothing', comment: 'temporal/names.ts is part of the workflow bundle.', severity: 'error', from: { path: '^temporal/names\\.ts$' }, to: { path: '.' } },
    { name: 'workflows-stay-deterministic', comment: 'Workflow code replays: nothing that touches the outside. Of activities it takes types, which the bundle test proves.', severity: 'error', from: { path: '^workflows/', pathNot: testFiles }, to: { path: '^(engine|db|platform|api|web|embedded|activities|temporal)/', pathNot: '^(temporal/names|activities/index)\\.ts$' } },
    { name: 'workflows-without-node', comment: 'Built-ins do not exist in the sandbox; the bundle breaks on them.', severity: 'error', from: { path: '^workflows/', pathNot: testFiles }, to: { dependencyTypes: ['core'] } },
    only('activities', ['contracts', 'engine', 'platform', 'temporal', 'db'], 'Activities convert; rules live in the engine.'),
    { name: 'activities-without-sql', comment: 'SQL lives in db; activities know only how its failures look.', severity: 'error', from: { path: '^activities/', pathNot: testFiles }, to: { path: '^db/', pathNot: '^db/is-unavailable\\.ts$' } },
    only('api', ['contracts', 'db', 'engine', 'platform', 'temporal'], 'The api answers HTTP; it has no rules of its own.'),
    { name: 'api-without-workflows', comment: 'Runs are reached through the engine\'s port.', severity: 'error', from: { path: '^api/' }, to: { path: 'node_modules/@temporalio/(worker|workflow)(/|$)' } },
    only('web', ['contracts'], 'The browser gets contracts and nothing of the server.'),
    { name: 'features-do-not-import-each-other', comment: 'Shared pieces move to web/src/components.', severity: 'error', from: { path: '^web/src/features/([^/]+)/' }, to: { path: '^web/src/features/([^/]+)/', pathNot: '^web/src/features/$1/' } },
    { name: 'nobody-imports-roots', comment: 'Composition roots and tests are not libraries.', severity: 'error', from: { path: '^(contracts|platform|db|engine|temporal|workflows|activities|web)/', pathNot: testFiles }, to: { path: '^(worker\\.ts|api/server\\.ts|embedded/|tests/|bench/)' } },
    { name: 'engine-folders-meet-through-their-index', comment: 'A folder shows what others may use in its index.ts.', severity: 'error', from: { path: '^engine/([^/]+)/', pathNot: testFiles }, to: { path: '^engine/([^/]+)/.+', pathNot: '^engine/($1/|[^/]+/index\\.ts$|llm/language-model\\.ts$|tools/tool\\.ts$|governance/actor\\.ts$|runs/agent-runs\\.ts$)' } },
  ],
  },
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)(dist|\\.maestro)/' },
  tsPreCompilationDeps: true,
};
