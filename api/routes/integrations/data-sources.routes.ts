import type { Router } from 'express';
import { createDataSource, deleteDataSource, listDataSources, listDataSourceTables, testDataSource, testDataSourceDraft, updateDataSource } from '../../../engine/integrations/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { goneSignal } from '../../gone-signal.ts';
import { route } from '../../route.ts';

/** Databases agents may read. */
export function addDataSourceRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listDataSources', async () => ({ items: await listDataSources(deps) }));
  route(router, 'createDataSource', async ({ body, actor, response }) => {
    const source = await createDataSource(deps, { body, actor });
    response.location(`/api/integrations/data-sources/${source.id}`);
    return source;
  });
  route(router, 'testDataSourceDraft', ({ body, actor, response }) => testDataSourceDraft(deps, { body, actor, signal: goneSignal(response) }));
  route(router, 'updateDataSource', ({ params, body, actor }) => updateDataSource(deps, { dataSourceId: params.id, body, actor }));
  route(router, 'deleteDataSource', async ({ params, query, actor }) => {
    await deleteDataSource(deps, { dataSourceId: params.id, name: query.name, actor });
    return undefined;
  });
  route(router, 'testDataSource', ({ params, actor, response }) => testDataSource(deps, { dataSourceId: params.id, actor, signal: goneSignal(response) }));
  route(router, 'listDataSourceTables', ({ params, response }) => listDataSourceTables(deps, { dataSourceId: params.id, signal: goneSignal(response) }));
}
