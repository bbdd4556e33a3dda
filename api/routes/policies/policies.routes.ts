import { Router } from 'express';
import {
  checkPolicy, createPolicy, discardPolicyDraft, getPolicy, listDecisions, listPolicies, listPolicySets, listPolicyVersions, publishPolicy, rollBackPolicy, savePolicyDraft, simulateAgent, tryCall, turnOffPolicy,
} from '../../../engine/governance/index.ts';
import { listPolicyFacts } from '../../../engine/safety/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** Policies from draft to live and back, what a call would get, and what was decided. */
export function createPoliciesRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listPolicies', () => listPolicies(deps));
  route(router, 'createPolicy', ({ body, actor }) => createPolicy(deps, { body, actor }));
  route(router, 'checkPolicy', ({ body }) => checkPolicy(deps, body));
  route(router, 'listPolicyFacts', () => listPolicyFacts());
  route(router, 'tryCall', ({ body }) => tryCall(deps, body));
  route(router, 'simulateAgent', ({ body }) => simulateAgent(deps, body));
  route(router, 'listPolicySets', ({ query }) => listPolicySets(deps, query));
  route(router, 'listDecisions', ({ query }) => listDecisions(deps, query));
  route(router, 'getPolicy', ({ params }) => getPolicy(deps, params.id));
  route(router, 'savePolicyDraft', ({ params, body, actor }) => savePolicyDraft(deps, { policyId: params.id, body, actor }));
  route(router, 'discardPolicyDraft', ({ params, query, actor }) => discardPolicyDraft(deps, { policyId: params.id, revision: query.revision, actor }));
  route(router, 'publishPolicy', ({ params, body, actor }) => publishPolicy(deps, { policyId: params.id, body, actor }));
  route(router, 'turnOffPolicy', ({ params, body, actor }) => turnOffPolicy(deps, { policyId: params.id, body, actor }));
  route(router, 'rollBackPolicy', ({ params, body, actor }) => rollBackPolicy(deps, { policyId: params.id, body, actor }));
  route(router, 'listPolicyVersions', ({ params, query }) => listPolicyVersions(deps, { policyId: params.id, query }));
  return router;
}
