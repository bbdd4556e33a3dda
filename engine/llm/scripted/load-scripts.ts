import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Script, scriptSchema } from './script.ts';

/** A script with its name, which is the name of its folder and of the model. */
export interface NamedScript {
  name: string;
  script: Script;
}

const scriptsDir = join(import.meta.dirname, 'scripts');

/** Replaces `{"$file": "name"}` by the text of that file beside the script: programs and letters are easier to read there. */
function withFiles(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withFiles(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === '$file') return readFileSync(join(folder, basename(String(entries[0][1]))), 'utf8').trimEnd();
  return Object.fromEntries(entries.map(([key, item]) => [key, withFiles(item, folder)]));
}

/**
 * All scripts, read from `scripts/<name>/script.json`, checked. Throws when one is not valid: that is a bug of the build, to be seen
 * at the start and not in a run.
 */
export function loadScripts(directory = scriptsDir): Map<string, NamedScript> {
  const names = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).toSorted();
  return new Map(names.map((name) => {
    const folder = join(directory, name);
    const parsed = scriptSchema.safeParse(withFiles(JSON.parse(readFileSync(join(folder, 'script.json'), 'utf8')), folder));
    if (!parsed.success) throw new Error(`The script ${name} is not valid: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
    return [name, { name, script: parsed.data }];
  }));
}
