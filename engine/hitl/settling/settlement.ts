import type { Kysely } from 'kysely';
import type { DecisionDoor, DecisionVerdict } from '../../../contracts/approvals.ts';
import type { Database } from '../../../db/database.ts';
import type { ApprovalRequestRow } from '../../../db/repositories/approvals.repository.ts';
import type { RunRow } from '../../../db/repositories/runs.repository.ts';
import type { VoteRow } from '../../../db/repositories/votes.repository.ts';
import type { Actor } from '../../governance/actor.ts';
import type { Notifier } from '../../notices/index.ts';
import type { Policies } from '../../safety/index.ts';
import type { Secrets } from '../../secrets/index.ts';
import type { Json } from '../../tools/tool.ts';
import type { ToolCatalogue } from '../../tools/index.ts';
import type { Ballot, Vote } from '../rules/eligibility.ts';
import type { Electorate } from '../rules/electorate.ts';

export interface SettleDeps {
  db: Kysely<Database>;
  tools: Pick<ToolCatalogue, 'current'>;
  policies: Policies;
  secrets: Pick<Secrets, 'mask'>;
  notifier: Pick<Notifier, 'wake'>;
}

/** What somebody had before them; when given it must still be true. */
export interface Seen {
  version?: number | undefined;
  argumentsHash?: string | undefined;
}

export interface Settlement {
  requestId: string;
  verdict: DecisionVerdict;
  door: DecisionDoor;
  actor: Actor;
  note?: string | undefined;
  /** With `approve`: what is to run instead. */
  editedArguments?: Record<string, unknown> | undefined;
  /** With `answer` the answer, with `provide_result` the result. */
  result?: Json | undefined;
  seen?: Seen | undefined;
}

/** A request with all that decides it, while its row and its run are locked. */
export interface HeldRequest {
  run: RunRow;
  request: ApprovalRequestRow;
  ballot: Ballot;
  electorate: Electorate;
  votes: VoteRow[];
}

export const toVote = ({ user_id: userId, on_behalf_of: onBehalfOf }: VoteRow): Vote => ({ userId, onBehalfOf });
