// The thread that runs the program. It gives up the last permission of the process before anything else, starts Python (from its
// memory image, or from nothing to make that image), takes away every way out of the language itself, says it is ready, then runs
// exactly one job and reports what was printed, how it ended and which files it left.
for (const name of ['read', 'write', 'net', 'env', 'sys', 'run', 'ffi', 'import']) Deno.permissions.revokeSync({ name });

const scope = self;
const nextMessage = () => new Promise((resolve) => { scope.onmessage = ({ data }) => resolve(data); });
const post = scope.postMessage.bind(scope);
const { stringify } = JSON;
const now = performance.now.bind(performance);
const encoder = new TextEncoder();
const RealResponse = Response;
const packageBase = 'https://packages.invalid/';

const sendFrame = (frame) => post({ frame: stringify(frame) });

const runtime = await nextMessage();

// Pyodide takes a thread without these for a browser's and never loads Node's modules, whose functions would stay reachable inside it.
for (const name of ['Deno', 'process', 'Buffer', 'global']) delete globalThis[name];

/** What JavaScript itself prints: nothing may write to the process's own output but the main thread. */
let printed = '';
let print = (text) => { printed = (printed + text).slice(0, 2_000); };
const toConsole = (...parts) => print(`${parts.map(String).join(' ')}\n`);
globalThis.console = Object.fromEntries(['log', 'info', 'debug', 'warn', 'error', 'trace'].map((name) => [name, toConsole]));

/** The only things Pyodide can fetch: its own parts and the packages handed in with the job. */
const parts = new Map([['python_stdlib.zip', runtime.stdlib], ['pyodide.asm.wasm', new Uint8Array()]]);
WebAssembly.instantiateStreaming = (_response, imports) => WebAssembly.instantiate(runtime.wasm, imports); // a stream took 0.2 s more
globalThis.fetch = async (url) => {
  const name = decodeURIComponent(String(url).split('/').at(-1));
  if (!parts.has(name)) throw new Error('The sandbox has no access to the network.');
  return new RealResponse(parts.get(name));
};

const { loadPyodide } = await import(runtime.loaderUrl);
const { default: createPyodideModule } = await import(runtime.moduleUrl);
const python = await loadPyodide({
  indexURL: 'runtime:///', createPyodideModule, lockFileContents: runtime.lockFile, packageBaseUrl: packageBase, stdin: () => null,
  ...(runtime.image === null ? { _makeSnapshot: true } : { _loadSnapshot: runtime.image.subarray(0, -runtime.digestBytes) }),
});
if (runtime.image === null) {
  python.runPython(runtime.driver);
  post(python.makeMemorySnapshot());
  await new Promise(() => {});
}
parts.clear();
runtime.image = runtime.wasm = runtime.stdlib = null;

// What stays is the language and what Pyodide itself needs while a program runs. No worker, no message, no network, no way to end
// this thread; V8 was told to compile nothing from text, so there is no `eval` and no `import()` either.
const kept = new Set((
  'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError EvalError RangeError '
  + 'ReferenceError SyntaxError TypeError URIError globalThis JSON Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array '
  + 'Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy '
  + 'Reflect FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN SuppressedError '
  + 'DisposableStack AsyncDisposableStack Temporal SharedArrayBuffer WebAssembly DOMException console queueMicrotask setTimeout clearTimeout setInterval '
  + 'clearInterval TextEncoder TextDecoder AbortController AbortSignal crypto performance structuredClone atob btoa URL URLSearchParams fetch Request'
).split(' '));
for (const name of Object.getOwnPropertyNames(globalThis)) if (!kept.has(name) && name !== 'onmessage') delete globalThis[name];

/** A lock file calls one package by two names. @see https://packaging.python.org/en/latest/specifications/name-normalization/ (2026-11) */
const toCanonical = (name) => name.replaceAll(/[-_.]+/g, '-').toLowerCase();

/** Passes a stream on in pieces, keeps the first `limit` bytes and counts the rest; past `floodBytes` in all the job is over. */
const createStream = (name, limit, flood) => {
  const decoder = new TextDecoder();
  let kept = 0;
  let waiting = '';
  let sentAt = now();
  const flush = () => {
    if (waiting !== '') sendFrame({ type: 'printed', stream: name, text: waiting });
    waiting = '';
    sentAt = now();
  };
  const write = (bytes) => {
    const room = limit - kept;
    if (room > 0) {
      waiting += decoder.decode(bytes.subarray(0, room), { stream: true });
      kept += Math.min(room, bytes.length);
      if (kept === limit || waiting.length >= 4_096 || now() - sentAt > 100) flush();
    }
    flood.count(name, bytes.length);
    return bytes.length;
  };
  return { write, flush };
};

const createFloodGuard = (limit) => {
  const total = { stdout: 0, stderr: 0 };
  let over = false;
  return {
    total,
    count(name, bytes) {
      total[name] += bytes;
      if (over || total.stdout + total.stderr <= limit) return;
      over = true;
      sendFrame({ type: 'flood' });
    },
  };
};

/** Sends the files below /outputs, a folder's as `folder-file`, and tells in words what was left out. */
const sendFiles = ({ readdir, lstat, isDir, isFile, readFile }, { max_files, max_file_bytes, max_files_bytes }) => {
  const refused = [];
  let count = 0;
  let total = 0;
  const take = (path, name, size) => {
    if (size > max_file_bytes) return refused.push(`${name} has ${size} bytes; a file may have ${max_file_bytes}.`);
    if (count === max_files) return refused.push(`${name} is one too many; ${max_files} files are kept.`);
    if (total + size > max_files_bytes) return refused.push(`${name} would make more than ${max_files_bytes} bytes of files in all.`);
    count += 1;
    total += size;
    const content = readFile(path);
    post({ file: { name, content } }, [content.buffer]);
  };
  const visit = (folder, prefix) => {
    for (const name of readdir(folder).toSorted()) {
      if (name === '.' || name === '..' || name === '__pycache__') continue;
      if (refused.length >= max_files) return;
      const { mode, size } = lstat(`${folder}/${name}`);
      if (isDir(mode)) visit(`${folder}/${name}`, `${prefix}${name}-`);
      else if (isFile(mode)) take(`${folder}/${name}`, prefix + name, size);
    }
  };
  try {
    visit('/outputs', '');
  } catch {
    refused.push('/outputs cannot be read: the program removed or replaced it.');
  }
  return refused;
};

sendFrame({ type: 'ready' });
const { line, attachments } = await nextMessage();
delete globalThis.onmessage;
const job = JSON.parse(line);
const flood = createFloodGuard(job.flood_bytes);
const stdout = createStream('stdout', job.max_stream_bytes, flood);
const stderr = createStream('stderr', job.max_stream_bytes, flood);
// Bound now: a program may change the object it can reach through `pyodide_js`.
const { FS } = python;
const fileSystem = Object.fromEntries(['readdir', 'lstat', 'isDir', 'isFile', 'readFile'].map((name) => [name, FS[name].bind(FS)]));

let ending;
try {
  for (const folder of ['/inputs', '/outputs']) FS.mkdirTree(folder);
  FS.chdir('/outputs');
  for (const { kind, name, content } of attachments) {
    if (kind === 'input') FS.writeFile(`/inputs/${name}`, content);
    else parts.set(name, content);
  }
  const quiet = { messageCallback() {}, errorCallback: toConsole, checkIntegrity: false }; // the parent checked it
  if (job.packages.length > 0) {
    globalThis.location = packageBase; // what Pyodide resolves addresses against
    await python.loadPackage(job.packages, quiet);
    delete globalThis.location;
  }
  const loaded = new Set(Object.keys(python.loadedPackages).map(toCanonical));
  if (job.packages.some((name) => !loaded.has(toCanonical(name)))) throw new Error('A package could not be loaded');
  parts.clear();
  attachments.length = 0;
  python.globals.set('_maestro_job', line);
  if (job.packages.includes('matplotlib')) python.runPython('_watch_figures()');

  python.setStdout({ write: stdout.write });
  python.setStderr({ write: stderr.write });
  print = (text) => stderr.write(encoder.encode(text));
  post({ starts: true, frame: stringify({ type: 'started' }) });
  const answer = await python.runPythonAsync('await _maestro_run(_maestro_job)');
  ending = { type: 'done', answer, refused_files: sendFiles(fileSystem, job) };
} catch (error) {
  // Python itself is gone: os._exit, the host's stack used up by deep native recursion, a call into freed memory.
  ending = { type: 'crash', message: `${String(error?.message ?? error).slice(0, 500)}${printed === '' ? '' : ` (${printed.slice(0, 500)})`}` };
}
stdout.flush();
stderr.flush();
sendFrame({ ...ending, printed_bytes: flood.total });
