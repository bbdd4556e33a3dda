import type { Transaction } from 'kysely';
import { maxRunFilesBytes } from '../../../contracts/run-files.ts';
import type { Database } from '../../../db/database.ts';
import { insertContent } from '../../../db/repositories/contents.repository.ts';
import { insertRunFiles, sumRunFileBytes } from '../../../db/repositories/run-files.repository.ts';
import type { ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import type { Json, ToolOutcome } from '../tool.ts';

const toRefusal = (output: Json): Json => {
  const files_note = `The files were not kept: those of one run may have ${maxRunFilesBytes / 1_000_000} MB together.`;
  return typeof output === 'object' && output !== null && !Array.isArray(output) ? { ...output, files_note } : { output, files_note };
};

/**
 * Stores what a call gave, whole, and its files, and returns the name of the output. What happened has happened: files beyond what a run
 * may have are left out and the output says so, the outcome stands.
 */
export async function keepOutcome(trx: Transaction<Database>, call: ToolCallRow, { output, files = [] }: ToolOutcome): Promise<string> {
  if (files.length === 0) return insertContent(trx, output);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if ((await sumRunFileBytes(trx, call.run_id)) + bytes > maxRunFilesBytes) return insertContent(trx, toRefusal(output));
  await insertRunFiles(trx, { runId: call.run_id, toolCallId: call.id, files });
  return insertContent(trx, output);
}
