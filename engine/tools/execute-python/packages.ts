import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';

const lockFileName = 'pyodide-lock.json';
/** What a lock file says that is needed here. @see https://pyodide.org/en/stable/development/lockfile.html (2026-11) */
const lockSchema = z.object({
  info: z.object({ abi_version: z.string() }),
  packages: z.record(z.string(), z.object({ file_name: z.string(), imports: z.array(z.string()), depends: z.array(z.string()), sha256: z.string() })),
});
type Lock = z.infer<typeof lockSchema>;

/** A package's file, as it is handed into the sandbox. */
export interface Wheel {
  fileName: string;
  bytes: Uint8Array;
}

/** What a program's imports need beside the standard library. */
export interface PackagesForProgram {
  /** Names as the lock file has them, dependencies included. */
  names: string[];
  wheels: Wheel[];
  /** By top-level module: what to say when the program fails to import it. */
  notes: Record<string, string>;
}

/** Packages built for Pyodide, as they lie in a folder of the host. */
export interface PythonPackages {
  /** The lock file the interpreter is started with: the folder's own, else the one that came with Pyodide. */
  lockFile: string;
  /** Names of those whose files are there, with all they need, sorted. */
  available: readonly string[];
  /** Reads and checks what these top-level modules need. What is not there, or not sound, is left out with a note. */
  forModules(modules: readonly string[]): Promise<PackagesForProgram>;
}

/** Standard modules that find more when a package is there. */
const helpedBy: ReadonlyMap<string, string> = new Map([['zoneinfo', 'tzdata']]);
const setting = 'PYODIDE_PACKAGES_DIR';

const readLock = (path: string): Lock | undefined => {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
};

/**
 * Reads which packages there are: the wheels a lock file names, in `packagesDir` (undefined: none). Pyodide's full release is such a folder.
 * A folder's own lock file counts when it is for the same binary interface. What a wheel's bytes must be, the lock file says (SHA-256).
 */
export const createPythonPackages = ({ pyodideDir, pyodideVersion, packagesDir }: { pyodideDir: string; pyodideVersion: string; packagesDir: string | undefined }): PythonPackages => {
  const shippedPath = join(pyodideDir, lockFileName);
  const shipped = readLock(shippedPath);
  const ownPath = packagesDir === undefined ? shippedPath : join(packagesDir, lockFileName);
  const own = readLock(ownPath);
  const usesOwn = own !== undefined && own.info.abi_version === shipped?.info.abi_version;
  const { packages = {} } = (usesOwn ? own : shipped) ?? {};
  const isThere = (name: string): boolean => packagesDir !== undefined && packages[name] !== undefined && existsSync(join(packagesDir, basename(packages[name].file_name)));
  const byModule = new Map(Object.entries(packages).flatMap(([name, { imports }]) => imports.map((module) => [module.split('.', 1)[0] as string, name] as const)));

  /** The package and all it needs, and what those need. */
  const withDependencies = (name: string, found = new Set<string>()): Set<string> => {
    if (found.has(name)) return found;
    found.add(name);
    for (const needed of packages[name]?.depends ?? []) withDependencies(needed, found);
    return found;
  };

  const available = packagesDir === undefined ? [] : Object.keys(packages).filter((name) => [...withDependencies(name)].every(isThere)).toSorted();

  const howToAdd = (fileName: string): string =>
    (packagesDir === undefined
      ? `only Python's standard library is available here. An admin can add it: set ${setting} to a folder with ${fileName} and what it needs, as the full release of Pyodide ${pyodideVersion} has them.`
      : `it is not installed here. An admin can add it: put ${fileName}, as the full release of Pyodide ${pyodideVersion} has it, into the folder that ${setting} names.`);

  /** The file, or what is wrong with it. */
  const readWheel = async (name: string): Promise<Wheel | string> => {
    const listed = packages[name];
    if (listed === undefined) return `it needs ${name}, which the lock file in the folder that ${setting} names does not list.`;
    const fileName = basename(listed.file_name);
    const bytes = packagesDir === undefined ? undefined : await readFile(join(packagesDir, fileName)).catch(() => undefined);
    if (bytes === undefined) return howToAdd(fileName);
    if (createHash('sha256').update(bytes).digest('hex') !== listed.sha256) return `the file ${fileName} in the folder that ${setting} names is not the one its lock file lists (SHA-256 differs), so it is not loaded.`;
    return { fileName, bytes };
  };

  return {
    lockFile: usesOwn ? ownPath : shippedPath,
    available,
    async forModules(modules) {
      const names = new Set<string>();
      const wheels = new Map<string, Wheel>();
      const reading = new Map<string, Promise<Wheel | string>>();
      const readOnce = (name: string): Promise<Wheel | string> => {
        const read = reading.get(name) ?? readWheel(name);
        reading.set(name, read);
        return read;
      };
      const notes: Record<string, string> = {};
      for (const module of modules) {
        const name = byModule.get(module) ?? helpedBy.get(module);
        if (name === undefined || packages[name] === undefined) continue;
        const needed = [...withDependencies(name)];
        const read = await Promise.all(needed.map((one) => readOnce(one)));
        const problem = read.find((one) => typeof one === 'string');
        if (problem !== undefined) notes[module] = problem;
        else {
          for (const [index, one] of needed.entries()) {
            names.add(one);
            wheels.set(one, read[index] as Wheel);
          }
        }
      }
      // Modules of a package that is there and was not asked for by an import statement: `__import__("numpy")` and the like.
      for (const [module, name] of byModule) {
        if (notes[module] === undefined && !names.has(name) && available.includes(name)) notes[module] = `the package is there, but loaded only for a program that names it in an import statement; add \`import ${module}\`.`;
      }
      return { names: [...names], wheels: [...wheels.values()], notes };
    },
  };
};
