// The sandbox process's main thread. It never runs the program: it reads the runtime's files, starts the worker that runs the
// program, passes the job in and the frames out, and ends the process when the parent is gone (standard input closes), when the
// parent's deadline is well past, or when the process outgrows its memory or processor time.
//
// The first line on standard input carries the nonce that marks every frame; it stays in this thread's memory, which the
// program's own thread cannot read. This text is started as a `data:` module and the worker as a `blob:` one, so that no address,
// stack or module name inside the process tells where anything lies on the host.
import { cpuUsage } from 'node:process';

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const parentDeadlineGraceMs = 5_000;
const guardIntervalMs = 20;
/** The parent knows the ends this thread decides by these; the program's thread cannot end the process. */
const exitCodes = { parentGone: 0, deadline: 1, memory: 70, cpu: 71 };

/** Standard input as lines and counted bytes; undefined at its end. */
const createReader = (stream) => {
  const chunks = stream[Symbol.asyncIterator]();
  let rest = new Uint8Array();
  const more = async () => {
    const { value, done } = await chunks.next();
    return done ? undefined : value;
  };
  return {
    async line() {
      const parts = [];
      for (let at = rest.indexOf(10); at === -1; at = rest.indexOf(10)) {
        parts.push(rest);
        rest = await more();
        if (rest === undefined) return undefined;
      }
      const end = rest.indexOf(10);
      parts.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      return decoder.decode(await new Blob(parts).bytes());
    },
    async bytes(count) {
      const whole = new Uint8Array(count);
      for (let filled = 0; filled < count; ) {
        if (rest.length === 0) rest = await more();
        if (rest === undefined) return undefined;
        const part = rest.subarray(0, count - filled);
        whole.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
      }
      return whole;
    },
  };
};

/** Bytes of a file that are made text at a time; a multiple of three, so that the pieces of base64 make one. */
const filePieceBytes = 196_608;

/** Writes what `make` gives, in order and without blocking this thread: the guard below must go on while the parent is slow to read. */
let written = Promise.resolve();
const write = (make) => {
  const before = written;
  written = (async () => {
    await before;
    const bytes = make();
    try {
      for (let done = 0; done < bytes.length; ) done += await Deno.stdout.write(bytes.subarray(done));
    } catch {
      Deno.exit(exitCodes.parentGone); // a broken pipe: nobody reads any more
    }
  })();
  return written;
};

const input = createReader(Deno.stdin.readable);
const setup = JSON.parse((await input.line()) ?? 'null');
if (setup === null) Deno.exit(exitCodes.parentGone);

const writeText = (text) => write(() => encoder.encode(text));
const sendFrame = (json) => writeText(`\n${setup.nonce} ${json}\n`);
const sendFile = ({ name, content }) => {
  void writeText(`\n${setup.nonce} {"type":"file","name":${JSON.stringify(name)},"base64":"`);
  for (let at = 0; at < content.length; at += filePieceBytes) void write(() => encoder.encode(content.subarray(at, at + filePieceBytes).toBase64()));
  return writeText('"}\n');
};
const toBlobUrl = (source) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));

// Everything is read before the worker starts: it gives up the permission to read for the whole process.
const inPyodide = (name) => Deno.readFileSync(`${setup.pyodideDir}/${name}`);
const runtime = {
  loaderUrl: toBlobUrl(inPyodide('pyodide.mjs')),
  moduleUrl: toBlobUrl(inPyodide('pyodide.asm.mjs')),
  wasm: inPyodide('pyodide.asm.wasm'),
  stdlib: inPyodide('python_stdlib.zip'),
  lockFile: Deno.readTextFileSync(setup.lockFile),
  image: setup.snapshotFile === null ? null : Deno.readFileSync(setup.snapshotFile),
  digestBytes: setup.digestBytes,
  driver: setup.snapshotFile === null ? Deno.readTextFileSync(`${setup.runnerDir}/driver.py`) : null,
};
const worker = new Worker(toBlobUrl(Deno.readFileSync(`${setup.runnerDir}/worker.mjs`)), { type: 'module' });

/** Ends the process once it has outgrown what it held, and used, when the program started. */
const startGuard = ({ memory_growth_mb, cpu_ms, timeout_ms }) => {
  const heldAtStart = Deno.memoryUsage().rss;
  const usedAtStart = cpuUsage();
  setTimeout(() => Deno.exit(exitCodes.deadline), timeout_ms + parentDeadlineGraceMs);
  setInterval(() => {
    if (Deno.memoryUsage().rss - heldAtStart > memory_growth_mb * 1_048_576) Deno.exit(exitCodes.memory);
    const { user, system } = cpuUsage(usedAtStart);
    if ((user + system) / 1000 > cpu_ms) Deno.exit(exitCodes.cpu);
  }, guardIntervalMs);
};

let job;
worker.onmessage = ({ data }) => {
  if (data instanceof Uint8Array) void write(() => data).then(() => Deno.exit(0)); // the image
  else if (data.file !== undefined) void sendFile(data.file);
  else {
    if (data.starts) startGuard(job);
    void sendFrame(data.frame);
  }
};
worker.onerror = (event) => {
  event.preventDefault();
  void sendFrame(JSON.stringify({ type: 'crash', message: String(event.message).slice(0, 500) }));
};
// Handed over, not copied: this thread keeps none of it.
worker.postMessage(runtime, [runtime.wasm, runtime.stdlib, runtime.image].flatMap((bytes) => bytes?.buffer ?? []));

for (let line = await input.line(); line !== undefined; line = await input.line()) {
  job = JSON.parse(line);
  const attachments = [];
  for (const { kind, name, bytes } of job.attachments) {
    const content = await input.bytes(bytes);
    if (content === undefined) Deno.exit(exitCodes.parentGone);
    attachments.push({ kind, name, content });
  }
  worker.postMessage({ line, attachments }, attachments.map(({ content }) => content.buffer));
}
Deno.exit(exitCodes.parentGone);
