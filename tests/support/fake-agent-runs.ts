import { AppError } from '../../contracts/errors.ts';
import type { AgentRuns, AgentRunStart } from '../../engine/runs/index.ts';
import { newId } from '../../platform/ids.ts';

/** The port on durable runs with nothing behind it, for tests of what stands in front of Temporal: it keeps what it was told. */
export interface FakeAgentRuns extends AgentRuns {
  started: AgentRunStart[];
  told: { what: 'approval' | 'pause' | 'resume' | 'steer' | 'cancel'; runId: string; signal?: unknown }[];
  /** While true every call fails as if Temporal were gone. */
  isDown: boolean;
}

export function createFakeAgentRuns(): FakeAgentRuns {
  const reach = (): void => {
    if (fake.isDown) throw new AppError('TEMPORAL_UNAVAILABLE');
  };
  const tell = (what: FakeAgentRuns['told'][number]['what']) => async (runId: string, signal?: unknown): Promise<void> => {
    reach();
    fake.told.push({ what, runId, ...(signal === undefined ? {} : { signal }) });
  };
  const fake: FakeAgentRuns = {
    started: [],
    told: [],
    isDown: false,
    async start(run) {
      reach();
      fake.started.push(run);
      return { temporalRunId: newId() };
    },
    signalApproval: tell('approval'),
    pause: tell('pause'),
    resume: tell('resume'),
    steer: tell('steer'),
    cancel: tell('cancel'),
    async describe() {
      reach();
      return { status: 'open', temporalRunId: null };
    },
    async ping() {
      reach();
    },
    uiUrl: (runId, temporalRunId) => `http://127.0.0.1:8233/namespaces/default/workflows/${runId}${temporalRunId === null ? '' : `/${temporalRunId}/timeline`}`,
  };
  return fake;
}
