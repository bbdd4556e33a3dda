import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditRecord } from '../contracts/system.ts';
import { type AuditLink, auditChainStart, sealAuditRecord } from '../platform/audit-chain.ts';

const script = fileURLToPath(new URL('./verify-audit.ts', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-verify-audit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const seal = (record: Omit<AuditRecord, 'hash'>): AuditRecord => ({ ...record, hash: sealAuditRecord(record) });
const recordAfter = (last: AuditLink, change: Partial<AuditRecord> = {}): AuditRecord => seal({
  sequence: last.sequence + 1, at: '2026-11-29T08:00:00.000Z', actor_id: null, actor_name: 'Zoë', action: 'approval.approve', object_type: 'approval_request', object_id: 'a',
  before: { status: 'pending' }, after: { amount: last.sequence }, request_id: null, source: last.sequence < 2 ? null : '203.0.113.7', previous_hash: last.hash, ...change,
});
/** Five whole entries, the first two from before there were sources. */
const entries: AuditRecord[] = [];
for (let count = 0; count < 5; count++) entries.push(recordAfter(entries.at(-1) ?? auditChainStart));
const [one, two, three, four, five] = entries.map((entry) => JSON.stringify(entry)) as [string, string, string, string, string];
const hashOf = (index: number): string => entries[index]!.hash;

interface Ended {
  code: number;
  out: string;
  error: string;
}
let files = 0;
const verify = async (lines: readonly string[] | string, ...args: string[]): Promise<Ended> => {
  const file = join(folder, `${++files}.ndjson`);
  await writeFile(file, typeof lines === 'string' ? lines : lines.map((line) => `${line}\n`).join(''));
  return run(file, ...args);
};
/** Without any setting, in a folder where nothing is. */
const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: folder, env: {} }, (error, out, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 99), out, error: stderr }));
  });

describe('verify-audit', () => {
  it('tells a whole log, its last hash, and what it cannot tell', async () => {
    const ended = await verify([one, two, three, four, five]);
    expect(ended).toMatchObject({ code: 0, error: '' });
    expect(ended.out).toBe(`WHOLE. 5 entries (1 to 5) follow each other; none was removed, repeated, moved or changed.\nHash of the last: ${hashOf(4)}\nWhether entries were cut off at the end shows only against a hash from elsewhere: --head <hash>.\n`);
  });

  it('does not mind other line ends, an empty last line, or none', async () => {
    expect(await verify(`${one}\r\n${two}\r\n\r\n`)).toMatchObject({ code: 0 });
    expect(await verify(`${one}\n${two}`)).toMatchObject({ code: 0 });
  });

  it('does not mind line ends within what somebody wrote', async () => {
    const noted = recordAfter(entries[0]!, { after: { reason: 'No.\u2028Second line.\u2029Third.\u0085\r\nLast.' } });
    expect(await verify([one, JSON.stringify(noted), JSON.stringify(recordAfter(noted))])).toMatchObject({ code: 0, out: expect.stringMatching(/^WHOLE\. 3 entries /) });
  });

  it.each<[string, string[], string]>([
    ['removed', [one, two, four, five], 'NOT WHOLE. Line 3: Entry 3 is missing.\nBefore it: 2 entries (1 to 2), whole.\n'],
    ['removed at the beginning', [three, four, five], 'NOT WHOLE. Line 1: Entries 1 to 2 are missing.\nBefore it: no entry.\n'],
    ['moved', [one, three, two, four, five], 'NOT WHOLE. Line 2: Entry 2 is missing.\nBefore it: 1 entry (1 to 1), whole.\n'],
    ['repeated', [one, two, two, three], 'NOT WHOLE. Line 3: Entry 2 stands there twice.\nBefore it: 2 entries (1 to 2), whole.\n'],
    ['changed', [one, two.replace('"amount":1', '"amount":9'), three], 'NOT WHOLE. Line 2: Entry 2 was changed: its hash does not fit what it says.\nBefore it: 1 entry (1 to 1), whole.\n'],
    ['given a source', [one.replace('"source":null', '"source":"203.0.113.9"'), two], 'NOT WHOLE. Line 1: Entry 1 was changed: its hash does not fit what it says.\nBefore it: no entry.\n'],
    ['changed and sealed anew', [one, JSON.stringify(recordAfter(entries[0]!, { actor_name: 'Bo' })), three], 'NOT WHOLE. Line 3: Entry 3 does not follow entry 2: one of the two was replaced.\nBefore it: 2 entries (1 to 2), whole.\n'],
    ['cut in the middle', [one, two.slice(0, 120), three], 'NOT WHOLE. Line 2: It is not a whole line of JSON.\nBefore it: 1 entry (1 to 1), whole.\n'],
    ['without a column', [one, two.replace('"request_id":null,', '')], 'NOT WHOLE. Line 2: It is not an entry: request_id does not fit.\nBefore it: 1 entry (1 to 1), whole.\n'],
    ['with a column no hash covers', [one.replace('{', '{"approved_by":"the board",')], 'NOT WHOLE. Line 1: It is not an entry: the line does not fit.\nBefore it: no entry.\n'],
    ['with a name that says two things', [one.replace('{', '{"action":"approval.reject",')], 'NOT WHOLE. Line 1: It is not written as the export writes it.\nBefore it: no entry.\n'],
  ])('tells where an entry was %s', async (_, lines, said) => {
    expect(await verify(lines)).toEqual({ code: 1, out: said, error: '' });
  });

  it('an empty file is no log', async () => {
    expect(await verify('\n')).toMatchObject({ code: 1, out: 'NOT WHOLE. There is no entry in the file; every log has some.\n' });
  });

  it('a cut end shows against a hash from elsewhere, which may be older than the export', async () => {
    expect(await verify([one, two, three], '--head', hashOf(4))).toMatchObject({ code: 1, out: expect.stringContaining('entries were cut off at the end, or written anew') });
    const whole = await verify([one, two, three, four, five], '--head', hashOf(4));
    expect(whole.code).toBe(0);
    expect(whole.out).not.toContain('--head');
    expect(await verify([one, two, three, four, five], '--head', hashOf(2).toUpperCase())).toMatchObject({ code: 0 });
  });

  it('verifies a part when told where it begins, and says that it is one', async () => {
    expect(await verify([three, four, five], '--from', '3')).toMatchObject({ code: 0, out: expect.stringContaining('What came before entry 3 was not looked at.') });
    expect(await verify([four, five], '--from', '3')).toMatchObject({ code: 1, out: expect.stringContaining('Entry 3 is missing.') });
    expect(await verify([three, five], '--from', '3')).toMatchObject({ code: 1, out: expect.stringContaining('Line 2: Entry 4 is missing.') });
  });

  it.each<[string, string[], string]>([
    ['no file', [], 'Name one file.'],
    ['a file that is not there', ['missing.ndjson'], 'There is no such file.'],
    ['a folder', ['.'], 'The file cannot be read.'],
    ['a number that is none', ['a.ndjson', '--from', '0'], '--from is the number of an entry.'],
    ['a hash that is none', ['a.ndjson', '--head', 'abc'], '--head is the hash of an entry'],
    ['an option it does not know', ['a.ndjson', '--fast'], "Unknown option '--fast'"],
  ])('given %s it says so with another exit code', async (_, args, said) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '', error: expect.stringContaining(said) });
  });
});
