// Runs in Deno with read access to the Pyodide package and this folder only. Loads Python once, runs driver.py in it and
// writes the memory image to standard output; the parent, which may write, keeps it.
const pyodideDir = Deno.args[0];
const { loadPyodide } = await import(new URL('pyodide.mjs', `file://${pyodideDir}/`).href);
const driver = Deno.readTextFileSync(new URL('./driver.py', import.meta.url));

// Anything Python prints while it loads must not end up inside the image.
const toStandardError = (line) => console.error(line);
const python = await loadPyodide({ indexURL: pyodideDir, _makeSnapshot: true, stdout: toStandardError, stderr: toStandardError });
python.runPython(driver);

const image = python.makeMemorySnapshot();
for (let written = 0; written < image.length; ) written += Deno.stdout.writeSync(image.subarray(written));
