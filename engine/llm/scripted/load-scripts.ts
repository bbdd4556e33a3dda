import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { type Script, scriptSchema } from './script.ts';

/** A script with its name, which is its place among the scripts and the name of the model. */
export interface NamedScript {
  name: string;
  script: Script;
}

const scriptsDir = join(import.meta.dirname, 'scripts');
const ending = /\.(json|ya?ml)$/;

/** Replaces `{"$file": "name"}` by the text of that file beside the script: programs and letters are easier to read there. */
function withFiles(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withFiles(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === '$file') return readFileSync(join(folder, basename(String(entries[0][1]))), 'utf8').trimEnd();
  return Object.fromEntries(entries.map(([key, item]) => [key, withFiles(item, folder)]));
}

/** Reads one script. Throws when it is not valid. */
function loadScript(name: string, path: string): NamedScript {
  const problem = (said: string): Error => new Error(`The script ${name} is not valid: ${said}`);
  let content: unknown;
  try {
    const text = readFileSync(path, 'utf8');
    content = path.endsWith('.json') ? JSON.parse(text) : parse(text);
  } catch (error) {
    throw problem(error instanceof Error ? error.message : String(error));
  }
  const parsed = scriptSchema.safeParse(withFiles(content, dirname(path)));
  if (!parsed.success) throw problem(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '));
  return { name, script: parsed.data };
}

/** Scripts of a folder and of those in it. One with a `script.*` is a script with its files; in any other, each file is a script. */
function findScripts(folder: string, prefix: string): { name: string; path: string }[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const isScript = (entry: Dirent): boolean => entry.isFile() && ending.test(entry.name);
  const own = entries.find((entry) => isScript(entry) && entry.name.replace(ending, '') === 'script');
  if (own !== undefined) return [{ name: prefix.slice(0, -1), path: join(folder, own.name) }];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return findScripts(path, `${prefix}${entry.name}/`);
    return isScript(entry) ? [{ name: prefix + entry.name.replace(ending, ''), path }] : [];
  });
}

/**
 * All scripts, in JSON or YAML: `scripts/<name>/script.json` with its files, or `scripts/<group>/<name>.yaml` alone. Throws when one is
 * not valid: that is a bug of the build, to be seen at the start and not in a run.
 */
export function loadScripts(directory = scriptsDir): Map<string, NamedScript> {
  const found = findScripts(directory, '').toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const scripts = new Map<string, NamedScript>();
  for (const { name, path } of found) {
    if (scripts.has(name)) throw new Error(`There are two scripts with the name ${name}.`);
    scripts.set(name, loadScript(name, path));
  }
  return scripts;
}
