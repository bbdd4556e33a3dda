import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewDecision } from '../../../db/repositories/approvals.repository.ts';
import { type Action, absentOf, apply, initialState, kindsOfTerms, type Name, names, type Setup, type State, toTerms } from '../../../tests/support/approval-model.ts';
import { type ApprovalWorld, createApprovalWorld } from '../../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { AppError } from '../../../contracts/errors.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { finishRun } from '../../runs/index.ts';
import { decideInBulk, expireApproval, extendApproval, settleApproval, takeDecision } from '../index.ts';

// Every door at once against the rules written apart: whatever happens in whatever order, what came out is what the rules give for some
// order of what was done at the same time.
let database: TestDatabase;
let world: ApprovalWorld;
let groupId: string;
const idOf = new Map<Name, string>();
const nameOf = new Map<string, Name>();
beforeAll(async () => {
  database = await createTestDatabase();
  world = createApprovalWorld(database.db);
  for (const name of names) {
    const id = await world.addPerson(name, name === 'dora' ? 'admin' : 'approver');
    idOf.set(name, id);
    nameOf.set(id, name);
  }
  groupId = await world.addGroup('finance', []);
});
afterAll(() => database.close());

const personOf = (name: Name) => ({ userId: idOf.get(name) ?? '', name });
const member = (name: Name) => ({ group_id: groupId, user_id: personOf(name).userId });

const delegate = async (to: Name): Promise<void> => {
  const absent = absentOf[to];
  if (absent === undefined) return;
  await database.db.insertInto('delegations').values({ id: newId(), from_user_id: personOf(absent).userId, to_user_id: personOf(to).userId, starts_at: new Date(Date.now() - 60_000), ends_at: new Date(Date.now() + 3_600_000), created_by: null }).execute();
};

/** People as every example finds them: ana and ben in finance, nobody disabled. */
async function resetPeople(delegated: readonly Name[]): Promise<void> {
  await database.db.deleteFrom('approver_group_members').execute();
  await database.db.insertInto('approver_group_members').values([member('ana'), member('ben')]).execute();
  await database.db.deleteFrom('delegations').execute();
  await database.db.updateTable('users').set({ is_disabled: false }).execute();
  for (const name of delegated) await delegate(name);
}

interface Asked {
  requestId: string;
  runId: string;
  toolCallId: string;
}

/** What is there now: what a decider has before them, and what the rules are compared with. */
const look = ({ requestId }: Asked) => database.db.selectFrom('hitl_requests').selectAll().where('id', '=', requestId).executeTakeFirstOrThrow();
type Seen = Awaited<ReturnType<typeof look>>;

async function attempt(asked: Asked, action: Action, seen: Seen, state: State): Promise<string> {
  const { db } = database;
  const { requestId, runId } = asked;
  switch (action.do) {
    // The states before this moment are the same in all that may have been: these were never done at the same time as each other.
    case 'toggle_group': {
      if (state.inFinance.has(action.who)) await db.deleteFrom('approver_group_members').where('user_id', '=', personOf(action.who).userId).execute();
      else await db.insertInto('approver_group_members').values(member(action.who)).execute();
      return '';
    }
    case 'toggle_disabled': {
      await db.updateTable('users').set({ is_disabled: !state.disabled.has(action.who) }).where('id', '=', personOf(action.who).userId).execute();
      return '';
    }
    case 'toggle_delegation': {
      if (state.delegated.has(action.who)) await db.deleteFrom('delegations').where('to_user_id', '=', personOf(action.who).userId).execute();
      else await delegate(action.who);
      return '';
    }
    case 'pass_expiry': {
      await db.updateTable('hitl_requests').set({ expires_at: new Date(Date.now() - 1_000) }).where('id', '=', requestId).where('status', '=', 'pending').execute();
      return '';
    }
    case 'tend': {
      await expireApproval(world.deps, { requestId });
      return '';
    }
    case 'end_run': {
      await finishRun(world.deps, { runId, phase: 'cancelled', end: { code: 'CANCELLED_BY_USER', message: 'Stopped.' } });
      return '';
    }
    case 'signal': {
      await takeDecision(world.deps, { requestId, verdict: action.verdict, by: 'sre' });
      return '';
    }
    case 'extend': {
      await extendApproval(world.deps, { requestId, actor: personOf(action.by), expiresAt: new Date(seen.requested_at.getTime() + 72 * 3_600_000), seen: {} });
      return 'extended';
    }
    default: {
      const actor = personOf(action.by);
      if (action.do !== 'edit' && action.door === 'bulk' && (action.do === 'approve' || action.do === 'reject')) {
        const { outcome } = await decideInBulk(world.deps, { body: { verdict: action.do, items: [{ id: requestId, version: seen.version, arguments_hash: seen.arguments_hash }], reason: 'Because.' }, actor });
        return outcome.items[0]?.status ?? outcome.items[0]?.error?.code ?? '';
      }
      const { status } = await settleApproval(world.deps, {
        requestId, verdict: action.do === 'edit' ? 'approve' : action.do, door: 'api', actor, note: 'Because.',
        ...(action.do === 'edit' ? { editedArguments: { amount: action.amount } } : {}), ...(action.do === 'answer' || action.do === 'provide_result' ? { result: 'done' } : {}),
        ...(action.isSeen ? { seen: { version: seen.version, argumentsHash: seen.arguments_hash } } : {}),
      });
      return status;
    }
  }
}

const attemptOrRefusal = (...given: Parameters<typeof attempt>): Promise<string> =>
  attempt(...given).catch((error: unknown) => {
    if (error instanceof AppError && error.code !== 'INTERNAL') return error.code;
    throw error;
  });

const ordersOf = <Item>(items: readonly Item[]): Item[][] =>
  items.length <= 1 ? [[...items]] : items.flatMap((item, index) => ordersOf(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]));

/** Bulk reads the requests before it settles them: an edit in between is told one way or the other. */
const isSameAnswer = (action: Action, expected: string, told: string): boolean =>
  expected === told || ('door' in action && action.door === 'bulk' && expected === 'APPROVAL_BULK_REFUSED' && told === 'APPROVAL_STALE');

const factsOf = (state: State) => ({ status: state.status, version: state.version, hash: hashJson({ amount: state.amount }), votes: state.votes.map(({ by, seat }) => `${by} for ${seat}`).toSorted() });

async function readFacts(asked: Asked) {
  const row = await look(asked);
  const votes = await database.db.selectFrom('hitl_votes').selectAll().where('request_id', '=', asked.requestId).where('request_version', '=', row.version).execute();
  return { status: row.status, version: row.version, hash: row.arguments_hash, votes: votes.map((vote) => `${nameOf.get(vote.user_id)} for ${nameOf.get(vote.on_behalf_of ?? vote.user_id)}`).toSorted() };
}

/** What has to hold of the records in the end, whatever the rules gave. */
async function checkRecords(asked: Asked, told: string[]): Promise<void> {
  const { db } = database;
  const row = await look(asked);
  const decisions = (await db.selectFrom('hitl_decisions').selectAll().where('request_id', '=', asked.requestId).execute()) as NewDecision[];
  const [decision] = decisions;
  expect(decisions).toHaveLength(row.status === 'pending' ? 0 : 1);
  const call = await db.selectFrom('tool_calls').selectAll().where('id', '=', asked.toolCallId).executeTakeFirstOrThrow();
  if (decision?.verdict === 'approve') {
    expect(['allowed', 'cancelled']).toContain(call.state);
    expect(hashJson(call.edited_arguments ?? call.arguments)).toBe(decision.edited_arguments_hash ?? row.arguments_hash);
  } else expect(call.state).not.toBe('allowed');
  const audit = (await db.selectFrom('audit_log').select('action').where('object_id', '=', asked.requestId).execute()).map(({ action }) => action).filter((action) => action !== 'approval.signal_refused');
  const settled = decision === undefined ? [] : [`approval.${decision.verdict}`];
  expect(audit.filter((action) => !['approval.vote', 'approval.edit', 'approval.extend'].includes(action))).toEqual(settled);
  expect(audit.filter((action) => action === 'approval.vote' || action === 'approval.edit')).toHaveLength(told.filter((answer) => answer === 'pending').length);
  expect(audit.filter((action) => action === 'approval.extend')).toHaveLength(told.filter((answer) => answer === 'extended').length);
}

const name = fc.constantFrom(...names);
const termsOption = fc.record({ demands: fc.constantFrom(...kindsOfTerms), isSelfForbidden: fc.boolean(), isFixed: fc.nat(3).map((draw) => draw === 0) });
const setupArbitrary: fc.Arbitrary<Setup> = fc.record({ small: termsOption, large: termsOption, startedBy: fc.option(name), delegated: fc.subarray([...names]) });
const decisionArbitrary: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('approve' as const), by: name, door: fc.constantFrom('api' as const, 'api' as const, 'bulk' as const), isSeen: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('edit' as const), by: name, amount: fc.constantFrom(5 as const, 50 as const, 60 as const, 500 as const, 500 as const, 5_000 as const), isSeen: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), by: name, door: fc.constantFrom('api' as const, 'bulk' as const), isSeen: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('provide_result' as const, 'answer' as const), by: name, door: fc.constant('api' as const), isSeen: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('signal' as const), verdict: fc.constantFrom('approve' as const, 'reject' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('extend' as const), by: name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('pass_expiry' as const, 'tend' as const, 'tend' as const, 'end_run' as const) }) },
);
const changeArbitrary: fc.Arbitrary<Action> = fc.record({ do: fc.constantFrom('toggle_group' as const, 'toggle_disabled' as const, 'toggle_delegation' as const), who: name });
/** Done at the same time: decisions, and at most one change of who may make them. */
const batchArbitrary = fc.tuple(fc.array(decisionArbitrary, { minLength: 1, maxLength: 3 }), fc.option(changeArbitrary)).map(([decisions, change]): Action[] => (change === null ? decisions : [...decisions, change]));

test('whatever comes through whatever door at the same time, the request ends as the rules say', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(setupArbitrary, fc.array(batchArbitrary, { minLength: 1, maxLength: 6 }), async (setup, batches) => {
      world.rule = ({ facts }) => {
        const amount = facts['amount'] as number;
        if (amount <= 10) return { verdict: 'allow', terms: null };
        return amount > 1_000 ? { verdict: 'deny', terms: null } : { terms: toTerms(amount > 100 ? setup.large : setup.small) };
      };
      await resetPeople(setup.delegated);
      const asked = await world.ask({ startedBy: setup.startedBy === null ? null : personOf(setup.startedBy).userId });
      const told: string[] = [];
      let possible: State[] = [initialState(setup)];
      for (const batch of batches) {
        const [before] = possible;
        if (before === undefined) return;
        const seen = await look(asked);
        const answers = await Promise.all(batch.map((action) => attemptOrRefusal(asked, action, seen, before)));
        told.push(...answers);
        const found = await readFacts(asked);
        const after = possible.flatMap((state) =>
          ordersOf(batch.map((action, index) => ({ action, index }))).flatMap((order) => {
            const next = structuredClone(state);
            const isAsTold = order.every(({ action, index }) => isSameAnswer(action, apply(next, action, seen.version), answers[index] ?? ''));
            return isAsTold && JSON.stringify(factsOf(next)) === JSON.stringify(found) ? [next] : [];
          }));
        if (after.length === 0) throw new Error(`no order gives ${JSON.stringify({ answers, found, batch, from: factsOf(before) })}`);
        possible = [...new Map(after.map((state) => [hashJson({ ...factsOf(state), isPast: state.isPast, isExtended: state.isExtended }), state])).values()];
      }
      await checkRecords(asked, told);
    }),
    { numRuns: database.kind === 'postgres' ? 100 : 25, interruptAfterTimeLimit: 240_000 },
  );
});
