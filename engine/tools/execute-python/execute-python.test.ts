import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import type { Json, ToolCallContext } from '../tool.ts';
import { createExecutePythonTool, createPythonSandbox, executePythonArgumentsSchema, type ExecutePythonArguments, type PythonSandbox } from './index.ts';

interface Output {
  result: Json;
  result_note: string | null;
  stdout: string;
  stderr: string;
  truncated: { stdout: boolean; stderr: boolean };
  error: { type: string; message: string; traceback: string } | null;
  duration_ms: number;
}

const recorded: Record<string, Json> = { call_rows: { rows: [{ id: 1, body: 'great, thanks' }, { id: 2, body: 'awful' }] } };
const contextWith = (signal: AbortSignal = new AbortController().signal): ToolCallContext => ({
  runId: 'run', toolCallId: 'call', idempotencyKey: 'run:call', signal, confirmClaim: async () => {},
  readResult: async (id) => {
    const value = recorded[id];
    if (value === undefined) throw new AppError('TOOL_INPUT_INVALID', `no result of ${id}`);
    return value;
  },
});

let cacheDir: string;
let sandbox: PythonSandbox;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'maestro-python-'));
  sandbox = createPythonSandbox({ cacheDir });
  await sandbox.warmUp();
}, 120_000);

afterAll(async () => {
  await sandbox.close();
  await rm(cacheDir, { recursive: true, force: true });
});

const call = async (args: string | ExecutePythonArguments, signal?: AbortSignal): Promise<Output> => {
  const parsed = executePythonArgumentsSchema.parse(typeof args === 'string' ? { code: args, timeout_seconds: 20 } : args);
  const outcome = await createExecutePythonTool(sandbox).execute(parsed, contextWith(signal));
  return outcome.output as unknown as Output;
};
const failureOf = async (args: string | ExecutePythonArguments, signal?: AbortSignal): Promise<AppError> => {
  const error = await call(args, signal).then((output) => { throw new Error(`no failure but ${JSON.stringify(output).slice(0, 500)}`); }, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

describe('honest programs', { timeout: 60_000 }, () => {
  test.each<[name: string, code: string, result: Json]>([
    ['the last expression is the result', 'x = 20\nx * 2 + 2', 42],
    ['a variable named result is, when the last statement is none', 'result = {"a": [1, 2.5, None, True]}\nprint("done")', { a: [1, 2.5, null, true] }],
    ['statistics', 'import statistics\n[statistics.mean([1, 2, 3, 4]), statistics.median([5, 1, 3]), round(statistics.stdev([2, 4, 4, 6]), 3)]', [2.5, 3, 1.633]],
    ['json, re, collections and datetime', `
import json, re
from collections import Counter
from datetime import date, timedelta
words = Counter(re.findall(r"[a-z]+", json.loads('{"t": "to be or not to be"}')["t"]))
{"top": words.most_common(1)[0], "day": (date(2024, 2, 28) + timedelta(days=2)).isoformat()}`, { top: ['to', 2], day: '2024-03-01' }],
    ['dataclasses, decimal, enum, csv and top-level await', `
import asyncio, csv, io
from dataclasses import dataclass, asdict
from decimal import Decimal
@dataclass
class Line:
    name: str
    price: str
rows = [Line(*row) for row in csv.reader(io.StringIO("tea,1.10\\ncup,2.20\\n"))]
await asyncio.sleep(0)
[asdict(rows[0]), str(sum(Decimal(row.price) for row in rows))]`, [{ name: 'tea', price: '1.10' }, '3.30']],
    ['asyncio.run, hashlib and sqlite3 in memory', `
import asyncio, hashlib, sqlite3
async def work():
    await asyncio.sleep(0.01)
    return sqlite3.connect(":memory:").execute("select 6 * 7").fetchone()[0]
[asyncio.run(work()), hashlib.sha256(b"a").hexdigest()[:8]]`, [42, 'ca978112']],
  ])('%s', async (_name, code, result) => {
    expect(await call(code)).toMatchObject({ result, error: null, result_note: null, stderr: '' });
  });

  test('result, standard output and standard error are kept apart', async () => {
    expect(await call('import sys\nprint("to out")\nprint("to err", file=sys.stderr)\n"value"')).toMatchObject({
      result: 'value', stdout: 'to out\n', stderr: 'to err\n', error: null, truncated: { stdout: false, stderr: false },
    });
  });

  test('inputs are variables: given values and earlier results', async () => {
    const output = await call({
      code: '[{"id": row["id"], "score": sum(w in row["body"] for w in words)} for row in tickets["rows"]]',
      inputs: { tickets: { result_of: 'call_rows' }, words: { value: ['great', 'thanks'] } },
    });
    expect(output.result).toEqual([{ id: 1, score: 2 }, { id: 2, score: 0 }]);
  });

  test('an unknown earlier result is told as an input error', async () => {
    expect(await failureOf({ code: '1', inputs: { x: { result_of: 'nowhere' } } })).toMatchObject({ code: 'TOOL_INPUT_INVALID' });
  });

  test('a result that is not JSON comes as its repr, and says so', async () => {
    expect(await call('{1, 2}')).toMatchObject({ result: '{1, 2}', result_note: expect.stringContaining('not JSON'), error: null });
  });

  test('integers JavaScript cannot hold keep all their digits', async () => {
    expect(await call('[2**60, -10**400 == 0, 7]')).toMatchObject({ result: ['1152921504606846976', false, 7], result_note: expect.stringContaining('as text') });
  });

  test('random numbers differ from call to call though every interpreter comes from one image', async () => {
    const draw = async (): Promise<Json> => (await call('import random\nrandom.random()')).result;
    expect(await draw()).not.toBe(await draw());
  });

  test('nothing is left for the next call', async () => {
    await call('import builtins, pathlib\nbuiltins.leak = 1\npathlib.Path("left.txt").write_text("x")');
    expect((await call('import builtins, pathlib\n[hasattr(builtins, "leak"), pathlib.Path("left.txt").exists()]')).result).toEqual([false, false]);
  });
});

describe('failing programs are outcomes the model can read', { timeout: 60_000 }, () => {
  test('an exception: type, message and a traceback of the program\'s own lines', async () => {
    const output = await call('print("first")\ndef share(n):\n    return 10 / n\nshare(0)');
    expect(output).toMatchObject({ result: null, stdout: 'first\n', error: { type: 'ZeroDivisionError', message: 'division by zero' } });
    expect(output.error?.traceback).toContain('File "<program>", line 3, in share\n    return 10 / n');
    expect(output.error?.traceback).not.toContain('pyodide');
  });

  test.each<[name: string, code: string, error: { type: string; message: RegExp }]>([
    ['a syntax error', 'def f(:\n  pass', { type: 'SyntaxError', message: /invalid syntax/ }],
    ['numpy', 'import numpy as np', { type: 'ModuleNotFoundError', message: /only Python's standard library/ }],
    ['pandas by its submodule', 'import pandas.io.json', { type: 'ModuleNotFoundError', message: /only Python's standard library/ }],
    ['a non-zero exit', 'import sys\nsys.exit("gave up")', { type: 'SystemExit', message: /gave up/ }],
    ['asking for input', 'input("name? ")', { type: 'EOFError', message: /EOF/ }],
    ['endless recursion', 'def f(n): return f(n + 1)\nf(0)', { type: 'RecursionError', message: /recursion/ }],
    ['more memory than Python may hold', 'x = []\nwhile True: x.append(bytearray(10_000_000))', { type: 'MemoryError', message: /256 MB/ }],
    ['os._exit', 'import os\nos._exit(3)', { type: 'InterpreterCrash', message: /exit\(3\)/ }],
    ['native recursion that uses up the stack', 'import json\njson.loads("[" * 100_000)', { type: 'InterpreterCrash', message: /nested too deeply/ }],
    ['an exception whose text raises', 'class E(Exception):\n  def __str__(self): raise ValueError\nraise E', { type: 'E', message: /could not be made/ }],
  ])('%s', async (_name, code, error) => {
    expect(await call(code)).toMatchObject({ result: null, error: { type: error.type, message: expect.stringMatching(error.message) } });
  });
});

describe('the host is out of reach', { timeout: 60_000 }, () => {
  test('the environment is Python\'s own, not the host\'s', async () => {
    process.env['MAESTRO_TEST_SECRET'] = 'hunter2';
    const output = await call('import os\nresult = dict(os.environ)');
    expect(output.error).toBeNull();
    expect(JSON.stringify(output.result)).not.toMatch(/hunter2|MAESTRO|engine\/tools|make-snapshot/);
    expect((output.result as Record<string, Json>)['PATH']).toBe('/');
  });

  test('host files are not there', async () => {
    const output = await call('import os\n[os.path.exists(p) for p in ("/etc/passwd", "/etc/hostname", "/proc/self/environ", "/work", "/var")]');
    expect(output.result).toEqual([false, false, false, false, false]);
  });

  test.each<[name: string, code: string]>([
    ['fetch', 'import js\nawait js.fetch("http://127.0.0.1:9/")'],
    ['fetch of a file', 'import js\nawait js.fetch("file:///etc/passwd")'],
    ['pyfetch', 'from pyodide.http import pyfetch\nawait pyfetch("http://example.com/")'],
    ['Deno.env', 'import js\njs.Deno.env.toObject()'],
    ['Deno.readTextFile', 'import js\njs.Deno.readTextFileSync("/etc/passwd")'],
    ['Deno.writeTextFile', 'import js\njs.Deno.writeTextFileSync("/tmp/maestro-escape", "x")'],
    ['Deno.Command', 'import js\njs.Deno.Command.new("/bin/sh").outputSync()'],
    ['Deno.connect', 'import js\nfrom pyodide.ffi import to_js\nawait js.Deno.connect(to_js({"port": 9}, dict_converter=js.Object.fromEntries))'],
    ['Deno.hostname', 'import js\njs.Deno.hostname()'],
    ['Deno.kill', 'import js\njs.Deno.kill(js.Deno.ppid, "SIGKILL")'],
    ['Deno.dlopen', 'import js\njs.Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", js.Object.new())'],
    ['Node\'s file system', 'from pyodide.code import run_js\nfs = await run_js("import(\'node:fs\')")\nfs.readFileSync("/etc/passwd", "utf8")'],
    ['Node\'s child processes', 'from pyodide.code import run_js\ncp = await run_js("import(\'node:child_process\')")\ncp.execSync("id")'],
    ['mounting a host folder', 'import pyodide_js\npyodide_js.mountNodeFS("/mnt/host", "/etc")\nimport os\nopen("/mnt/host/passwd").read()'],
    ['the runtime\'s own files', `import js\njs.Deno.readTextFileSync(js.URL.new("./pyodide/package.json", "${new URL('../../../node_modules/', import.meta.url).href}"))`],
    ['storage that would outlive the call', 'import js\nc = await js.caches.open("x")\nawait c.put("http://a/", js.Response.new("kept"))'],
    ['a nested worker with wider rights', `
from pyodide.code import run_js
await run_js("""new Promise((resolve, reject) => {
  const source = 'self.postMessage(String((() => { try { return Deno.readTextFileSync("/etc/passwd") } catch (e) { return "refused: " + e.name } })()))';
  const w = new Worker("data:application/javascript," + encodeURIComponent(source), { type: "module" });
  w.onmessage = (e) => e.data.startsWith("refused") ? reject(new Error(e.data)) : resolve(e.data);
  w.onerror = (e) => { e.preventDefault(); reject(new Error("refused: " + e.message)); };
})""")`],
    ['socket', 'import socket\nsocket.create_connection(("127.0.0.1", 22), timeout=2)'],
    ['urllib', 'import urllib.request\nurllib.request.urlopen("http://127.0.0.1:9/", timeout=2).read()'],
    ['subprocess', 'import subprocess\nsubprocess.run(["id"])'],
    ['os.system', 'import os\nassert os.system("id") == 0, "no shell"'],
    ['threads', 'import threading\nthreading.Thread(target=print).start()'],
    ['ctypes', 'import ctypes\nctypes.CDLL("/lib/x86_64-linux-gnu/libc.so.6").getpid()'],
    ['micropip', 'import micropip\nawait micropip.install("six")'],
  ])('%s is a clear Python error', async (_name, code) => {
    const output = await call({ code, timeout_seconds: 20 });
    expect(output.error, JSON.stringify(output).slice(0, 600)).not.toBeNull();
    expect(output.error?.message).not.toBe('');
    // A program that does not even compile would prove nothing.
    expect(output.error?.type).not.toBe('SyntaxError');
    await expect(stat('/tmp/maestro-escape')).rejects.toThrow();
  });
});

describe('limits hold', { timeout: 60_000 }, () => {
  test('a loop ends at its time limit and what it printed is told', async () => {
    expect(await failureOf({ code: 'print("working", flush=True)\nimport time\ntime.sleep(0.3)\nprint("still")\nwhile True: pass', timeout_seconds: 1 })).toMatchObject({
      code: 'TOOL_TIMEOUT', message: expect.stringContaining('1 s'), details: { stdout: expect.stringContaining('working') },
    });
  });

  test('what is printed past the cap is cut, and told', async () => {
    const output = await call('print("é" * 60_000)\n1');
    expect(output).toMatchObject({ result: 1, error: null, truncated: { stdout: true, stderr: false } });
    expect(Buffer.byteLength(output.stdout)).toBe(64_000);
  });

  test('a result past the cap is cut, and told', async () => {
    const output = await call('"x" * 2_000_000');
    expect(output.result_note).toContain('only the first 1000000 are kept');
    expect(output.result).toHaveLength(1_000_000);
  });

  test.each<[name: string, code: string, message: RegExp]>([
    ['printing without end', 'while True: print("x" * 1000)', /printed more than/],
    ['writing noise to the process\'s own output', 'import js\nwhile True: js.Deno.stdout.writeSync(js.Uint8Array.new(1_000_000))', /printed more than/],
    ['writing noise to the process\'s own error output', 'import js\nwhile True: js.console.error("y" * 100_000)', /printed more than/],
    ['memory taken outside Python', 'import js\nx = []\nwhile True:\n  a = js.Uint8Array.new(50_000_000)\n  a.fill(1)\n  x.append(a)', /memory/],
  ])('%s is refused', async (_name, code, message) => {
    expect(await failureOf({ code, timeout_seconds: 30 })).toMatchObject({ code: 'TOOL_REFUSED', message: expect.stringMatching(message) });
  });

  test('an aborted call ends at once with the signal\'s reason', async () => {
    const controller = new AbortController();
    const running = call({ code: 'while True: pass', timeout_seconds: 60 }, controller.signal);
    const reason = new Error('run cancelled');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test('a call under an aborted signal never starts', async () => {
    await expect(call('1', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  });
});

describe('the report cannot be forged into harm', { timeout: 60_000 }, () => {
  test('a frame printed by the program is only text', async () => {
    const frame = '{"type":"done","answer":"{}","printed_bytes":{"stdout":0,"stderr":0}}';
    expect(await call(`print(${JSON.stringify(frame)})\n5`)).toMatchObject({ result: 5, stdout: `${frame}\n` });
  });

  test('noise before a frame on the process\'s output does not swallow it', async () => {
    expect(await call('import js\njs.Deno.stdout.writeSync(js.TextEncoder.new().encode("no newline here"))\n6')).toMatchObject({ result: 6, error: null });
  });

  test.each<[name: string, frame: string]>([
    ['a false answer', '{"type":"done","answer":"{}","printed_bytes":{"stdout":0,"stderr":0}}'],
    ['an answer whose result is not JSON', JSON.stringify({ type: 'done', answer: '{"result_json":"{","result_note":null,"error":null}', printed_bytes: { stdout: 0, stderr: 0 } })],
  ])('%s posted past the driver fails that call alone', async (_name, frame) => {
    expect(await failureOf(`import js\njs.self.postMessage(${JSON.stringify(frame)})\nwhile True: pass`)).toMatchObject({ code: 'TOOL_FAILED' });
    expect(await call('1 + 1')).toMatchObject({ result: 2 });
  });
});

describe('what policy and approvers see', () => {
  const tool = createExecutePythonTool({} as PythonSandbox);
  const args = { code: 'import json, re as r\nfrom os.path import join\nx = 1; import csv  # import secrets', inputs: { b: { value: 1 }, a: { value: 2 } } };

  test('facts name imports and inputs, not contents', () => {
    expect(tool.facts(args)).toEqual({ code_length: args.code.length, imported_modules: ['csv', 'json', 'os', 're'], input_names: ['a', 'b'], timeout_seconds: 30 });
  });

  test('the effect sentence counts lines and inputs', () => {
    expect(tool.effectSentence(args)).toBe('Run 3 lines of Python in the sandbox, with 2 inputs');
  });

  test.each(['1x', '__builtins__', 'a-b', 'class', ''])('the input name %j is refused', (name) => {
    expect(executePythonArgumentsSchema.safeParse({ code: '1', inputs: { [name]: { value: 1 } } }).success).toBe(false);
  });
});

describe('processes and the memory image', { timeout: 120_000 }, () => {
  const isGone = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };

  test('a damaged image is noticed and remade; creators at the same time both succeed', async () => {
    const [name] = (await readdir(cacheDir)).filter((file) => file.endsWith('.snapshot'));
    const path = join(cacheDir, name!);
    const sound = await readFile(path);
    await writeFile(path, sound.subarray(0, sound.length - 1000));
    const both = [createPythonSandbox({ cacheDir, poolSize: 0 }), createPythonSandbox({ cacheDir, poolSize: 0 })];
    try {
      const results = await Promise.all(both.map((one) => one.run({ code: '1 + 1', inputs: {}, timeoutMs: 20_000 }, new AbortController().signal)));
      expect(results.map(({ result }) => result)).toEqual([2, 2]);
      expect((await readFile(path)).length).toBe(sound.length);
      expect((await readdir(cacheDir)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    } finally {
      await Promise.all(both.map((one) => one.close()));
    }
  });

  test('a sandbox that cannot use its directory says so', async () => {
    const broken = createPythonSandbox({ cacheDir: '/dev/null/nowhere' });
    await expect(broken.run({ code: '1', inputs: {}, timeoutMs: 1000 }, new AbortController().signal)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
  });

  test('a closed sandbox takes no more programs', async () => {
    const closed = createPythonSandbox({ cacheDir });
    await closed.close();
    await expect(closed.run({ code: '1', inputs: {}, timeoutMs: 1000 }, new AbortController().signal)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
  });

  test('when the parent is killed, its looping and its waiting sandbox processes end too', async () => {
    const host = spawn(process.execPath, ['--input-type=module', '-e', `
      import { readdirSync, readFileSync } from 'node:fs';
      const { createPythonSandbox } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const sandbox = createPythonSandbox({ cacheDir: ${JSON.stringify(cacheDir)}, poolSize: 1 });
      await sandbox.warmUp();
      sandbox.run({ code: 'while True: pass', inputs: {}, timeoutMs: 100_000 }, new AbortController().signal).catch(() => {});
      await sandbox.warmUp();
      const children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ');
      console.log(children.join(' '));
      setInterval(() => {}, 1000);
    `], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve) => host.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    const pids = line.trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    host.kill('SIGKILL');
    await expect.poll(() => pids.every(isGone), { timeout: 30_000 }).toBe(true);
  });
});
