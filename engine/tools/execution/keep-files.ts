import type { Transaction } from 'kysely';
import { maxRunFilesBytes } from '../../../contracts/run-files.ts';
import type { Database } from '../../../db/database.ts';
import { contentInsert } from '../../../db/repositories/contents.repository.ts';
import { insertRunFiles, sumRunFileBytes } from '../../../db/repositories/run-files.repository.ts';
import type { ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import type { Json, ToolOutcome } from '../tool.ts';

const toRefusal = (output: Json): Json => {
  const files_note = `The files were not kept: those of one run may have ${maxRunFilesBytes / 1_000_000} MB together.`;
  return typeof output === 'object' && output !== null && !Array.isArray(output) ? { ...output, files_note } : { output, files_note };
};

/**
 * Stores the files a call gave, and returns its output, to be stored whole beside what the call came to. What happened has happened: files
 * beyond what a run may have are left out and the output says so, the outcome stands.
 */
export async function keepFiles(trx: Transaction<Database>, call: ToolCallRow, { output, files = [] }: ToolOutcome): Promise<ReturnType<typeof contentInsert>> {
  if (files.length === 0) return contentInsert(output);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if ((await sumRunFileBytes(trx, call.run_id)) + bytes > maxRunFilesBytes) return contentInsert(toRefusal(output));
  await insertRunFiles(trx, { runId: call.run_id, toolCallId: call.id, files });
  return contentInsert(output);
}
