import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ToolFile } from '../tool.ts';
import { type PythonCalls, startPythonCalls } from '../../../tests/support/python-calls.ts';
import { createExecutePythonTool } from './index.ts';
import { createPythonPackages } from './packages.ts';

const pyodideDir = dirname(fileURLToPath(import.meta.resolve('pyodide')));

/** A stand-in for matplotlib: what the sandbox touches of it, and PNG files that are only a signature. */
const matplotlibLike = {
  'matplotlib/__init__.py': '',
  'matplotlib/figure.py': 'class Figure:\n    def savefig(self, fname, format=None, **kwargs):\n        with open(fname, "wb") as f: f.write(b"\\x89PNG\\r\\n\\x1a\\n" + self.label.encode())\n',
  'matplotlib/pyplot.py': 'from matplotlib.figure import Figure\n_open = {}\ndef figure(number=None):\n    if number not in _open:\n        number = number or len(_open) + 1\n        _open[number] = Figure()\n        _open[number].label = f"figure {number}"\n    return _open[number]\ndef get_fignums(): return sorted(_open)\ndef close(number): del _open[number]\n',
};

let calls: PythonCalls;
let wheels: Map<string, Uint8Array>;
let folder: string;
let lockInfo: unknown;

/** Wheels are zip files, and a zip file is what the sandbox's own Python makes. */
const makeWheels = async (sources: Record<string, Record<string, string>>): Promise<Map<string, Uint8Array>> => {
  const { files = [] } = await calls.outcome({
    code: `
import zipfile
for name, modules in sources.items():
    with zipfile.ZipFile(f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in modules.items():
            wheel.writestr(path, text)
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")`,
    inputs: { sources: { value: sources } },
  });
  return new Map(files.map(({ name, bytes }: ToolFile) => [name, bytes]));
};

const lockEntry = (name: string, depends: string[] = [], imports = [name]): object => {
  const fileName = `${name}-1.0-py3-none-any.whl`;
  return {
    name, version: '1.0', file_name: fileName, install_dir: 'site', package_type: 'package', unvendored_tests: false, depends, imports,
    sha256: createHash('sha256').update(wheels.get(fileName) ?? '').digest('hex'),
  };
};

beforeAll(async () => {
  calls = await startPythonCalls();
  folder = await mkdtemp(join(tmpdir(), 'maestro-wheels-'));
  wheels = await makeWheels({
    base: { 'base/__init__.py': 'answer = 42' },
    needsbase: { 'needsbase/__init__.py': 'from base import answer\ndef twice(): return 2 * answer' },
    damaged: { 'damaged/__init__.py': '' }, absent: { 'absent/__init__.py': '' }, needsabsent: { 'needsabsent/__init__.py': '' }, needsunlisted: { 'needsunlisted/__init__.py': '' },
    matplotlib: matplotlibLike,
  });
  ({ info: lockInfo } = JSON.parse(await readFile(join(pyodideDir, 'pyodide-lock.json'), 'utf8')) as { info: unknown });
  const packages = {
    base: lockEntry('base'), needsbase: lockEntry('needsbase', ['base']), damaged: lockEntry('damaged'), absent: lockEntry('absent'), needsabsent: lockEntry('needsabsent', ['absent']),
    matplotlib: lockEntry('matplotlib'), needsunlisted: lockEntry('needsunlisted', ['unlisted']),
  };
  await writeFile(join(folder, 'pyodide-lock.json'), JSON.stringify({ info: lockInfo, packages }));
  for (const [name, bytes] of wheels) if (!name.startsWith('absent')) await writeFile(join(folder, name), name.startsWith('damaged') ? bytes.slice(1) : bytes);
}, 180_000);

afterAll(async () => {
  await calls.close();
  await rm(folder, { recursive: true, force: true });
});

describe('which packages a program gets', () => {
  const from = (packagesDir: string | undefined): ReturnType<typeof createPythonPackages> => createPythonPackages({ pyodideDir, pyodideVersion: '314.0.7', packagesDir });

  test('those its imports need, with their dependencies, and no others', async () => {
    const { names, wheels: read } = await from(folder).forModules(['json', 'needsbase', 'unheardof']);
    expect(names.toSorted()).toEqual(['base', 'needsbase']);
    expect(read.map(({ fileName }) => fileName).toSorted()).toEqual(['base-1.0-py3-none-any.whl', 'needsbase-1.0-py3-none-any.whl']);
    expect(await from(folder).forModules(['json'])).toMatchObject({ names: [], wheels: [] });
  });

  test('a file that is not the one the lock file lists is not loaded, and the note names file and setting', async () => {
    expect(await from(folder).forModules(['damaged'])).toMatchObject({ names: [], wheels: [], notes: { damaged: expect.stringMatching(/damaged-1\.0-py3-none-any\.whl.*PYODIDE_PACKAGES_DIR.*SHA-256/) } });
  });

  test('a missing dependency keeps the package out, and the note names what is missing', async () => {
    expect(await from(folder).forModules(['needsunlisted'])).toMatchObject({ names: [], notes: { needsunlisted: expect.stringMatching(/needs unlisted/) } });
    expect(await from(folder).forModules(['needsabsent'])).toMatchObject({ names: [], wheels: [], notes: { needsabsent: expect.stringMatching(/absent-1\.0.*PYODIDE_PACKAGES_DIR/) } });
  });

  test('without a folder, and with one that is not there, Pyodide\'s own list tells what an admin could add', async () => {
    for (const dir of [undefined, '/nowhere/at/all']) {
      const packages = from(dir);
      expect(packages.available).toEqual([]);
      expect(await packages.forModules(['numpy', 'json'])).toEqual({ names: [], wheels: [], notes: { numpy: expect.stringMatching(/numpy-.*\.whl/) } });
    }
  });

  test('a folder made for another binary interface is not used', async () => {
    const other = await mkdtemp(join(tmpdir(), 'maestro-wheels-'));
    try {
      await writeFile(join(other, 'pyodide-lock.json'), JSON.stringify({ info: { ...(lockInfo as object), abi_version: '2024_0' }, packages: { base: lockEntry('base') } }));
      await writeFile(join(other, 'base-1.0-py3-none-any.whl'), wheels.get('base-1.0-py3-none-any.whl')!);
      expect(from(other)).toMatchObject({ available: [], lockFile: join(pyodideDir, 'pyodide-lock.json') });
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});

describe('in the sandbox', { timeout: 120_000 }, () => {
  let withPackages: PythonCalls;
  beforeAll(async () => { withPackages = await startPythonCalls({ packagesDir: folder, cacheDir: calls.cacheDir }); }, 120_000);
  afterAll(() => withPackages.close());

  test('a package and its dependency are there for a program that imports it, in a fresh interpreter each time', async () => {
    expect(await withPackages.call('import needsbase\nneedsbase.twice()')).toMatchObject({ result: 84, error: null });
    expect(await withPackages.call('import sys\n[name for name in ("base", "needsbase") if name in sys.modules]')).toMatchObject({ result: [] });
  });

  test('a package that could be there says what is missing; one that nobody has says so', async () => {
    expect((await withPackages.call('import damaged')).error).toMatchObject({ type: 'ModuleNotFoundError', message: expect.stringMatching(/No module named 'damaged'.*PYODIDE_PACKAGES_DIR/) });
    expect((await withPackages.call('import unheardof')).error).toMatchObject({ type: 'ModuleNotFoundError', message: expect.stringMatching(/nothing can be installed/) });
  });

  test('an import that only shows while the program runs is answered with how to write it', async () => {
    expect((await withPackages.call('import importlib\nimportlib.import_module("ba" + "se")')).error?.message).toMatch(/add `import base`/);
  });

  test('the tool tells the model which packages there are', () => {
    expect(createExecutePythonTool(withPackages.sandbox).description).toContain('matplotlib, base, damaged, needsbase;');
    expect(createExecutePythonTool(calls.sandbox).description).toContain('Only the standard library is there.');
  });

  test('figures left open become PNG files; closed ones and those the program saved do not', async () => {
    const { output, files = [] } = await withPackages.outcome('import matplotlib.pyplot as plt\nplt.figure(); plt.figure(); plt.figure()\nplt.figure(2).savefig("mine.png")\nplt.close(3)\n"drawn"');
    expect(output).toMatchObject({ result: 'drawn', error: null, files: [{ file: { name: 'figure-1.png', media_type: 'image/png', bytes: 16 } }, { file: { name: 'mine.png' } }] });
    expect(Buffer.from(files[0]!.bytes).toString('latin1')).toBe('\x89PNG\r\n\x1a\nfigure 1');
  });

  test('a figure that cannot be saved is told and spoils nothing else', async () => {
    expect(await withPackages.call('import matplotlib.pyplot as plt\nplt.figure().label = None\n1')).toMatchObject({ result: 1, error: null, files_note: expect.stringContaining('A figure could not be saved') });
  });
});
