import type { Router } from 'express';
import { listToolsWithSettings, updateToolSettings } from '../../../engine/integrations/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

/** How tools are set up: on or off, limits, settings of their own. */
export function addToolSettingsRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listToolSettings', async () => ({ items: await listToolsWithSettings(deps) }));
  route(router, 'updateToolSettings', ({ params, body, actor }) => updateToolSettings(deps, { toolName: params.name, body, actor }));
}
