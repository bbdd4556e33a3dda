import { createMemoryHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { expect, test } from 'vitest';
import { agentSearchShape } from '@/features/agents/details/search.ts';
import { agentsSearchShape } from '@/features/agents/search.ts';
import { governanceSearchShape, policySearchShape } from '@/features/governance/search.ts';
import { approvalsSearchShape } from '@/features/hitl/search.ts';
import { integrationsSearchShape } from '@/features/integrations/search.ts';
import { idParam } from './id-param.ts';
import { searchParams } from './search-params.ts';

const id = '019a0000-aaaa-7000-8000-00000000000f';

test('an id in the path of an address is in small letters however it was written, for the routes around it as well', () => {
  const root = createRootRoute();
  const list = createRoute({ getParentRoute: () => root, path: 'hitl' });
  const one = createRoute({ getParentRoute: () => list, path: '$requestId', params: idParam('requestId') });
  const router = createRouter({ routeTree: root.addChildren([list.addChildren([one])]), history: createMemoryHistory() });
  const paramsOf = (path: string) => router.matchRoutes(path).map(({ params }) => params);
  expect(paramsOf(`/hitl/${id.toUpperCase()}`)).toEqual(Array.from({ length: 3 }, () => ({ requestId: id })));
  expect(paramsOf('/hitl/No-Id').at(-1)).toEqual({ requestId: 'No-Id' });
});

test.each([
  ['agents', agentsSearchShape, ['run']],
  ['an agent', agentSearchShape, ['source', 'memory']],
  ['governance', governanceSearchShape, ['agent', 'back_test', 'actor']],
  ['a policy', policySearchShape, ['agent']],
  ['approvals', approvalsSearchShape, ['agent']],
  ['integrations', integrationsSearchShape, ['id', 'tool', 'mail']],
])('so is one in the query of an address: %s', (_page, shape, names) => {
  expect(searchParams(shape)(Object.fromEntries(names.map((name) => [name, id.toUpperCase()])))).toEqual(Object.fromEntries(names.map((name) => [name, id])));
});
