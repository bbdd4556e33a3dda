// What the workflows ask for: each activity parses, calls the engine and converts failures. Rules live in the engine, SQL in db.
import type { NoticeDeps } from '../engine/notices/index.ts';
import type { TurnDeps } from '../engine/reasoning/index.ts';
import type { SweepDeps } from '../engine/runs/index.ts';
import type { ExecutionDeps } from '../engine/tools/index.ts';
import type { WorkerRole } from '../temporal/names.ts';
import { createBackTestActivities } from './back-test.activities.ts';
import { createModelActivities } from './model.activities.ts';
import { createNoticeActivities } from './notice.activities.ts';
import { createRecordActivities } from './record.activities.ts';
import { createToolActivities } from './tool.activities.ts';

export type { CallToHandle as ToolCallToHandle } from '../engine/reasoning/index.ts';

export type ActivityDeps = TurnDeps & Omit<ExecutionDeps, 'judgeAgain'> & SweepDeps & Omit<NoticeDeps, 'listDeciderIds'>;

/** The activities of each worker role; every role polls a task queue of its own. */
export const createActivities = (deps: ActivityDeps) => ({
  workflows: { ...createRecordActivities(deps), ...createNoticeActivities(deps), ...createBackTestActivities(deps) },
  models: createModelActivities(deps),
  tools: createToolActivities(deps),
  sandbox: createToolActivities(deps),
}) satisfies Record<WorkerRole, object>;

type ByRole = ReturnType<typeof createActivities>;
/** Everything a workflow may call. */
export type Activities = ByRole['workflows'] & ByRole['models'] & ByRole['tools'];
