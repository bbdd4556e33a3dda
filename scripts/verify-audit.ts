// `npm run verify-audit -- <file.ndjson>`: whether an export of the audit log (GET /api/audit/export) is whole. It needs neither
// configuration nor database nor network: an auditor can run it anywhere.
//
//   npm run verify-audit -- audit.ndjson                    the whole log, from entry 1
//   npm run verify-audit -- audit.ndjson --head <hash>      and nothing is cut off at the end: the entry with this hash is in it
//   npm run verify-audit -- audit.ndjson --from 501         a part (?from_sequence=501); what came before is not looked at
//
// A removed, repeated, moved or changed entry is found by the chain of hashes. What was cut off at the end leaves a whole chain, as does
// a log written anew from some entry on: only a hash kept from earlier shows those. GET /api/audit/verification tells it as `head_hash`.
// Exit codes: 0 whole, 1 not whole, 2 not looked at.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { type AuditRecord, auditRecordSchema } from '../contracts/system.ts';
import { type AuditLink, auditChainStart, findAuditFlaw } from '../platform/audit-chain.ts';
import { readLines } from '../platform/split-lines.ts';

class UsageError extends Error {}

interface Options {
  file: string;
  from: number;
  head: string | undefined;
}

function readOptions(args: string[]): Options {
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { from: { type: 'string', default: '1' }, head: { type: 'string' } } });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UsageError('Name one file.');
    if (!/^[1-9]\d{0,14}$/.test(values.from)) throw new UsageError('--from is the number of an entry.');
    if (values.head !== undefined && !/^[0-9a-f]{64}$/i.test(values.head)) throw new UsageError('--head is the hash of an entry: 64 digits from 0 to 9 and a to f.');
    return { file, from: Number(values.from), head: values.head?.toLowerCase() };
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\nUsage: npm run verify-audit -- <file.ndjson> [--head <hash>] [--from <sequence>]`);
  }
}

/** The entry of a line, or why it is none. */
function parseLine(line: string): AuditRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'It is not a whole line of JSON.';
  }
  const parsed = auditRecordSchema.safeParse(value);
  if (!parsed.success) return `It is not an entry: ${parsed.error.issues[0]?.path.join('.') || 'the line'} does not fit.`;
  // A name that stands twice is read by its last value, and by people perhaps by its first.
  if (JSON.stringify(value) !== line.trim()) return 'It is not written as the export writes it.';
  return value as AuditRecord;
}

interface Verified {
  entries: number;
  last: AuditLink;
  hasHead: boolean;
  flaw?: { line: number; problem: string };
}

async function verify({ file, from, head }: Options): Promise<Verified> {
  let last: AuditLink | undefined = from === 1 ? auditChainStart : undefined;
  const verified: Verified = { entries: 0, last: { ...auditChainStart, sequence: from - 1 }, hasHead: false };
  let line = 0;
  for await (const text of readLines(createReadStream(file))) {
    line++;
    if (text.trim() === '') continue;
    const record = parseLine(text);
    if (typeof record === 'string') return { ...verified, flaw: { line, problem: record } };
    // The first entry of a part follows one that is not there.
    const problem = findAuditFlaw(last ?? { sequence: from - 1, hash: record.previous_hash }, record);
    if (problem !== undefined) return { ...verified, flaw: { line, problem } };
    last = { sequence: record.sequence, hash: record.hash };
    verified.entries++;
    verified.last = last;
    verified.hasHead ||= record.hash === head;
  }
  return verified;
}

const counted = (entries: number): string => `${entries} ${entries === 1 ? 'entry' : 'entries'}`;

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  const { entries, last, hasHead, flaw } = await verify(options);
  const range = entries === 0 ? 'no entry' : `${counted(entries)} (${options.from} to ${last.sequence})`;
  if (flaw !== undefined) {
    console.log(`NOT WHOLE. Line ${flaw.line}: ${flaw.problem}\nBefore it: ${range}${entries === 0 ? '' : ', whole'}.`);
    process.exitCode = 1;
    return;
  }
  if (entries === 0) {
    console.log('NOT WHOLE. There is no entry in the file; every log has some.');
    process.exitCode = 1;
    return;
  }
  if (options.head !== undefined && !hasHead) {
    console.log(`NOT WHOLE. ${counted(entries)} (${options.from} to ${last.sequence}) follow each other, but none has the hash given as --head: entries were cut off at the end, or written anew.`);
    process.exitCode = 1;
    return;
  }
  console.log(`WHOLE. ${range} follow each other; none was removed, repeated, moved or changed.\nHash of the last: ${last.hash}`);
  if (options.from > 1) console.log(`What came before entry ${options.from} was not looked at.`);
  if (options.head === undefined) console.log('Whether entries were cut off at the end shows only against a hash from elsewhere: --head <hash>.');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof UsageError) console.error(error.message);
  else if (code === 'ENOENT') console.error('There is no such file.');
  else if (code === 'EISDIR' || code === 'EACCES') console.error('The file cannot be read.');
  else console.error(error);
  process.exitCode = 2;
});
