// The sandbox process's main thread. It never runs the program: it starts the worker that does, passes the job in and the
// frames out, and ends the process when the parent is gone (standard input closes) or the parent's deadline is well past.
//
// The first line on standard input carries the nonce that marks every frame; it stays in this thread's memory, which the
// program's own thread cannot read. What the program can do is post a false frame to this thread or write noise to
// standard output: the first changes its own answer only, the second is dropped by the parent for lack of the nonce.
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const parentDeadlineGraceMs = 5_000;

/** Yields the lines of standard input; ends when the parent closes it. */
async function* linesOfStdin() {
  let pending = [];
  for await (const chunk of Deno.stdin.readable) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pending.push(chunk.subarray(start, end));
      const whole = await new Blob(pending).bytes();
      pending = [];
      start = end + 1;
      yield decoder.decode(whole);
    }
    pending.push(chunk.slice(start));
  }
}

/** Writes one frame; a broken pipe means the parent is gone. */
const sendFrame = (nonce, json) => {
  try {
    const bytes = encoder.encode(`\n${nonce} ${json}\n`);
    for (let written = 0; written < bytes.length; ) written += Deno.stdout.writeSync(bytes.subarray(written));
  } catch {
    Deno.exit(1);
  }
};

const lines = linesOfStdin();
const setup = JSON.parse((await lines.next()).value ?? 'null');
if (setup === null) Deno.exit(0);

const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }) => {
  if (typeof data === 'string') sendFrame(setup.nonce, data.replaceAll('\n', ' '));
};
worker.onerror = (event) => {
  event.preventDefault();
  sendFrame(setup.nonce, JSON.stringify({ type: 'crash', message: String(event.message).slice(0, 500) }));
};
worker.postMessage({ pyodideDir: setup.pyodideDir, snapshotFile: setup.snapshotFile });

for await (const line of lines) {
  const job = JSON.parse(line);
  setTimeout(() => Deno.exit(1), job.timeout_ms + parentDeadlineGraceMs);
  worker.postMessage({ job: line });
}
Deno.exit(0);
