// The phases of a run as a pure state machine: what happened goes in, where the run is comes out.
import type { TerminalRunPhase } from '../../contracts/runs.ts';
import type { RiskLevel } from '../../contracts/tools.ts';

/** One open question to a person. Times are milliseconds since the epoch. */
export interface ApprovalWait {
  requestId: string;
  toolName: string;
  riskLevel: RiskLevel;
  sinceMs: number;
  expiresAtMs: number | null;
}

export interface RunEnd {
  code: string | null;
  message: string;
  stepId?: string | null;
}

interface RunProgress {
  /** Turns of the loop so far; the one under way counts. */
  iteration: number;
  mistakesInRow: number;
  tokens: number;
  /** Null once any step's cost is unknown. */
  costMicroUsd: number | null;
  /** Set while a person wants the run to hold; it holds at the next gap between steps. */
  pauseRequestedBy: string | null;
  /** Open questions, oldest first. */
  approvals: readonly ApprovalWait[];
}

type RunStage =
  | { phase: 'running' }
  | { phase: 'waiting_for_approval' }
  | { phase: 'paused'; pausedBy: string }
  | { phase: TerminalRunPhase; end: RunEnd };

export type RunState = RunProgress & RunStage;

export type RunEvent =
  | { type: 'turn-started' }
  | { type: 'turn-taken'; tokens: number; costMicroUsd: number | null; outcome: 'acts' | 'mistake' | 'final' | 'failed' }
  | { type: 'approval-requested'; approval: ApprovalWait }
  | { type: 'approval-moved'; requestId: string; expiresAtMs: number | null }
  | { type: 'approval-settled'; requestId: string }
  | { type: 'pause-requested'; by: string }
  | { type: 'paused' }
  | { type: 'resume-requested' }
  | { type: 'run-ended'; phase: TerminalRunPhase; end: RunEnd };

export const initialRunState: RunState = {
  phase: 'running',
  iteration: 0,
  mistakesInRow: 0,
  tokens: 0,
  costMicroUsd: 0,
  pauseRequestedBy: null,
  approvals: [],
};

const progressOf = ({ iteration, mistakesInRow, tokens, costMicroUsd, pauseRequestedBy, approvals }: RunState): RunProgress => ({
  iteration, mistakesInRow, tokens, costMicroUsd, pauseRequestedBy, approvals,
});

const withApprovals = (state: RunState, approvals: readonly ApprovalWait[]): RunState => ({
  ...progressOf(state),
  approvals,
  phase: approvals.length > 0 ? 'waiting_for_approval' : 'running',
});

/** The state after an event. An ended run stays as it ended; an event that changes nothing returns the state itself. */
export function applyEvent(state: RunState, event: RunEvent): RunState {
  if ('end' in state) return state;
  switch (event.type) {
    case 'turn-started':
      return { ...state, iteration: state.iteration + 1 };
    case 'turn-taken':
      return {
        ...state,
        tokens: state.tokens + event.tokens,
        costMicroUsd: state.costMicroUsd === null || event.costMicroUsd === null ? null : state.costMicroUsd + event.costMicroUsd,
        mistakesInRow: event.outcome === 'mistake' ? state.mistakesInRow + 1 : 0,
      };
    case 'approval-requested':
      return state.approvals.some(({ requestId }) => requestId === event.approval.requestId)
        ? state
        : withApprovals(state, [...state.approvals, event.approval]);
    case 'approval-moved': {
      const isMoved = state.approvals.some(({ requestId, expiresAtMs }) => requestId === event.requestId && expiresAtMs !== event.expiresAtMs);
      return isMoved ? { ...state, approvals: state.approvals.map((wait) => (wait.requestId === event.requestId ? { ...wait, expiresAtMs: event.expiresAtMs } : wait)) } : state;
    }
    case 'approval-settled': {
      const rest = state.approvals.filter(({ requestId }) => requestId !== event.requestId);
      return rest.length === state.approvals.length ? state : withApprovals(state, rest);
    }
    case 'pause-requested':
      return state.pauseRequestedBy === null ? { ...state, pauseRequestedBy: event.by } : state;
    case 'paused':
      return state.pauseRequestedBy === null ? state : { ...progressOf(state), phase: 'paused', pausedBy: state.pauseRequestedBy };
    case 'resume-requested':
      return state.pauseRequestedBy === null ? state : withApprovals({ ...state, pauseRequestedBy: null }, state.approvals);
    case 'run-ended':
      return {
        ...progressOf(state),
        approvals: [],
        phase: event.phase,
        end: event.end,
        // The turn that only gives the answer is no iteration of its own, unless it is the only one.
        iteration: event.phase === 'completed' ? Math.max(1, state.iteration - 1) : state.iteration,
      };
  }
}
