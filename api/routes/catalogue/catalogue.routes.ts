import { Router } from 'express';
import type { ToolDescription } from '../../../contracts/agents.ts';
import { needsApproval } from '../../../engine/governance/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** A form should not wait longer for suggestions. */
const listWaitMs = 2_000;

/** What an agent can be made of: tools and models. */
export function createCatalogueRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listTools', async () => {
    const [registry, policies] = await Promise.all([deps.tools.current(), deps.policies.current()]);
    const { environment } = deps.policies;
    return { items: registry.describe().map((tool): ToolDescription => ({ ...tool, needs_approval: needsApproval(policies, { tool: registry.get(tool.name), environment }) })) };
  });
  route(router, 'listModels', async () => ({ items: await deps.models.list({ waitMs: listWaitMs }) }));
  return router;
}
