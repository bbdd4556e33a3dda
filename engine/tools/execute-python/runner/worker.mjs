// The thread that runs the program: restores Python from its memory image, gives up the last permission it has (reading the
// runtime's own files), says it is ready, then runs exactly one job and reports what was printed and how it ended.
const digestBytes = 32;
const nextMessage = () => new Promise((resolve) => { self.onmessage = ({ data }) => resolve(data); });
const post = self.postMessage.bind(self);
const stringify = JSON.stringify;
const now = performance.now.bind(performance);

const { pyodideDir, snapshotFile } = await nextMessage();
const { loadPyodide } = await import(new URL('pyodide.mjs', `file://${pyodideDir}/`).href);
const file = Deno.readFileSync(snapshotFile);
const python = await loadPyodide({
  indexURL: pyodideDir,
  _loadSnapshot: file.subarray(0, file.length - digestBytes),
  stdin: () => null,
});

for (const name of ['read', 'write', 'net', 'env', 'sys', 'run', 'ffi', 'import']) Deno.permissions.revokeSync({ name });

/** Passes a stream on in pieces, keeps the first `limit` bytes and counts the rest; past `floodBytes` in all the job is over. */
const createStream = (name, limit, flood) => {
  const decoder = new TextDecoder();
  let kept = 0;
  let waiting = '';
  let sentAt = now();
  const flush = () => {
    if (waiting !== '') post(stringify({ type: 'printed', stream: name, text: waiting }));
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
      post(stringify({ type: 'flood' }));
    },
  };
};

post(stringify({ type: 'ready' }));
const { job: line } = await nextMessage();
const job = JSON.parse(line);
const flood = createFloodGuard(job.flood_bytes);
const stdout = createStream('stdout', job.max_stream_bytes, flood);
const stderr = createStream('stderr', job.max_stream_bytes, flood);
python.setStdout({ write: stdout.write });
python.setStderr({ write: stderr.write });

let ending;
try {
  python.globals.set('_maestro_job', line);
  ending = { type: 'done', answer: await python.runPythonAsync('await _maestro_run(_maestro_job)') };
} catch (error) {
  // Python itself is gone: os._exit, the host's stack used up by deep native recursion, a call into freed memory.
  ending = { type: 'crash', message: String(error?.message ?? error).slice(0, 500) };
}
stdout.flush();
stderr.flush();
post(stringify({ ...ending, printed_bytes: flood.total }));
