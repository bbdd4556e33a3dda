import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outputFileSchema } from '../../../contracts/run-files.ts';
import { newId } from '../../../platform/ids.ts';
import { type PythonCalls, startPythonCalls } from '../../../tests/support/python-calls.ts';
import { honestPrograms } from './honest.cases.ts';
import { createExecutePythonTool, createPythonSandbox, executePythonArgumentsSchema, type PythonOutcome, type PythonSandbox } from './index.ts';

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
const childrenOf = async (pid: number): Promise<number[]> => {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')));
  return lists.join(' ').split(' ').filter((text) => text !== '').map(Number);
};

let calls: PythonCalls;
const call: PythonCalls['call'] = (...args) => calls.call(...args);
const failureOf: PythonCalls['failureOf'] = (...args) => calls.failureOf(...args);

beforeAll(async () => {
  calls = await startPythonCalls();
  calls.recorded['call_rows'] = { rows: [{ id: 1, body: 'great, thanks' }, { id: 2, body: 'awful' }] };
}, 180_000);

afterAll(() => calls.close());

describe('honest programs', { timeout: 60_000 }, () => {
  test.each(honestPrograms)('%s', async (_name, code, result) => {
    expect(await call(code)).toMatchObject({ result, error: null, stderr: '' });
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

  test('an earlier result as CSV text: a query\'s rows, or a list of rows', async () => {
    calls.recorded['call_query'] = { columns: [{ name: 'id' }, { name: 'body' }], rows: [{ id: 1, body: 'a "b", c' }, { id: 2, body: null }], row_count: 2 };
    const output = await call({ code: 'import csv, io\n[table, list(csv.DictReader(io.StringIO(table)))]', inputs: { table: { result_of: 'call_query', as: 'csv' } } });
    expect(output.result).toEqual(['id,body\r\n1,"a ""b"", c"\r\n2,\r\n', [{ id: '1', body: 'a "b", c' }, { id: '2', body: '' }]]);
  });

  test('a result without rows cannot be CSV', async () => {
    calls.recorded['call_text'] = 'no rows';
    expect(await failureOf({ code: '1', inputs: { x: { result_of: 'call_text', as: 'csv' } } })).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('not a list of rows') });
  });

  test('files of the run lie in /inputs, byte for byte, two of the same name beside each other', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    calls.files.push(
      { id: newId(), name: 'data.bin', mediaType: 'application/octet-stream', bytes },
      { id: newId(), name: 'same.txt', mediaType: 'text/plain', bytes: Buffer.from('old') },
      { id: newId(), name: 'same.txt', mediaType: 'text/plain', bytes: Buffer.from('new') },
    );
    const [, old, fresh] = calls.files.map(({ id }) => id) as [string, string, string];
    const output = await call({
      code: 'import hashlib\n[data, hashlib.sha256(open(data, "rb").read()).hexdigest(), open(a).read(), open(b).read(), a == c]',
      inputs: { data: { file: 'data.bin' }, a: { file: old }, b: { file: fresh }, c: { file: old } },
    });
    expect(output.result).toEqual(['/inputs/data.bin', createHash('sha256').update(bytes).digest('hex'), 'old', 'new', true]);
  });

  test('input files of more than 25 MB together are an input error', async () => {
    calls.files.push(...['x', 'y', 'z'].map((name) => ({ id: newId(), name, mediaType: 'application/octet-stream', bytes: new Uint8Array(9_000_000) })));
    expect(await failureOf({ code: '1', inputs: { x: { file: 'x' }, y: { file: 'y' }, z: { file: 'z' } } })).toMatchObject({ code: 'TOOL_INPUT_INVALID', message: expect.stringContaining('25 MB') });
  });

  test('what the program writes to /outputs comes back byte for byte, also when it fails afterwards', async () => {
    const { output, files = [], summary } = await calls.outcome('import os\nopen("/outputs/a.csv", "w").write("x,y\\n")\nos.makedirs("sub")\nopen("sub/noise.bin", "wb").write(bytes(range(256)) * 30_000)\n1 / 0');
    expect(output).toMatchObject({ error: { type: 'ZeroDivisionError' }, files_note: null, files: [{ file: { name: 'a.csv', media_type: 'text/csv', bytes: 4 } }, { file: { name: 'sub-noise.bin', media_type: 'application/octet-stream', bytes: 7_680_000 } }] });
    for (const { file } of (output as { files: { file: unknown }[] }).files) expect(outputFileSchema.parse(file)).toEqual(file);
    expect(files.map(({ id }) => id)).toEqual((output as { files: { file: { id: string } }[] }).files.map(({ file }) => file.id));
    expect(Buffer.from(files[1]!.bytes).equals(Buffer.alloc(7_680_000, Uint8Array.from({ length: 256 }, (_, index) => index)))).toBe(true);
    expect(summary).toBe('ZeroDivisionError: division by zero');
  });

  test('a program near its memory limit may still leave large files', async () => {
    expect(await call('held = bytes(180_000_000)\nfor name in "ab": open(name, "wb").write(bytes(9_900_000))\nlen(held)')).toMatchObject({ result: 180_000_000, files: [{ file: { bytes: 9_900_000 } }, { file: { bytes: 9_900_000 } }], files_note: null });
  });

  test('the summary tells of files', async () => {
    expect((await calls.outcome('open("a.txt", "w").write("x")')).summary).toMatch(/^finished in \d+ ms, 1 file$/);
  });

  test('files of more than 25 MB together: the first that fit are kept, the rest is told', async () => {
    const output = await call('for name in "abc": open(name + ".bin", "wb").write(bytes(9_000_000))');
    expect(output).toMatchObject({ files: [{ file: { name: 'a.bin' } }, { file: { name: 'b.bin' } }], files_note: expect.stringContaining('c.bin would make more than 25000000 bytes') });
  });

  test('an unknown earlier result is told as an input error', async () => {
    expect(await failureOf({ code: '1', inputs: { x: { result_of: 'nowhere' } } })).toMatchObject({ code: 'TOOL_INPUT_INVALID' });
  });

  test('a result that is not JSON comes as its repr, and says so', async () => {
    expect(await call('{1, 2}')).toMatchObject({ result: '{1, 2}', result_note: expect.stringContaining('not JSON'), error: null });
  });

  test('integers given as text are told', async () => {
    expect(await call('2**60')).toMatchObject({ result: '1152921504606846976', result_note: expect.stringContaining('as text') });
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
  ])('%s', async (_name, code, error) => {
    expect(await call(code)).toMatchObject({ result: null, error: { type: error.type, message: expect.stringMatching(error.message) } });
  });
});

describe('limits hold', { timeout: 60_000 }, () => {
  test('a loop ends at its time limit and what it printed is told', async () => {
    expect(await failureOf({ code: 'print("working", flush=True)\nimport time\ntime.sleep(0.3)\nprint("still")\nwhile True: pass', timeout_seconds: 1 })).toMatchObject({
      code: 'TOOL_TIMEOUT', message: expect.stringContaining('1 s'), details: { stdout: expect.stringContaining('working') },
    });
  });

  test('a program that computes without pause ends at its processor time, one that waits does not', async () => {
    const strict = createPythonSandbox({ cacheDir: calls.cacheDir, poolSize: 0, limits: { cpuMs: 400 } });
    const run = (code: string): Promise<PythonOutcome> => strict.run({ code, inputs: {}, timeoutMs: 60_000 }, new AbortController().signal);
    try {
      await expect(run('while True: pass')).rejects.toMatchObject({ code: 'TOOL_TIMEOUT', message: expect.stringContaining('0.4 s of processor time') });
      expect(await run('import asyncio\nawait asyncio.sleep(1)\n"waited"')).toMatchObject({ result: 'waited' });
    } finally {
      await strict.close();
    }
  });

  test('an aborted call ends at once with the signal\'s reason', async () => {
    const controller = new AbortController();
    const running = call({ code: 'while True: pass', timeout_seconds: 60 }, controller.signal);
    const reason = new Error('run cancelled');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test('an abort kills the process of a program that runs', async () => {
    const own = createPythonSandbox({ cacheDir: calls.cacheDir, poolSize: 0 });
    const controller = new AbortController();
    const others = new Set(await childrenOf(process.pid));
    const running = own.run({ code: 'while True: pass', inputs: {}, timeoutMs: 60_000 }, controller.signal);
    running.catch(() => {});
    await expect.poll(async () => (await childrenOf(process.pid)).filter((pid) => !others.has(pid)).length, { timeout: 30_000 }).toBe(1);
    const [pid] = (await childrenOf(process.pid)).filter((child) => !others.has(child));
    controller.abort(new Error('run cancelled'));
    await expect(running).rejects.toThrow('run cancelled');
    await expect.poll(() => isGone(pid!), { timeout: 30_000 }).toBe(true);
    await own.close();
  });

  test('a call under an aborted signal never starts', async () => {
    await expect(call('1', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
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
  test('a damaged image is noticed and remade; creators at the same time both succeed', async () => {
    const [name] = (await readdir(calls.cacheDir)).filter((file) => file.endsWith('.snapshot'));
    const path = join(calls.cacheDir, name!);
    const sound = await readFile(path);
    await writeFile(path, sound.subarray(0, sound.length - 1000));
    const both = [createPythonSandbox({ cacheDir: calls.cacheDir, poolSize: 0 }), createPythonSandbox({ cacheDir: calls.cacheDir, poolSize: 0 })];
    try {
      const results = await Promise.all(both.map((one) => one.run({ code: '1 + 1', inputs: {}, timeoutMs: 20_000 }, new AbortController().signal)));
      expect(results.map(({ result }) => result)).toEqual([2, 2]);
      expect((await readFile(path)).length).toBe(sound.length);
      expect((await readdir(calls.cacheDir)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    } finally {
      await Promise.all(both.map((one) => one.close()));
    }
  });

  test('a sandbox that cannot use its directory says so', async () => {
    const broken = createPythonSandbox({ cacheDir: '/dev/null/nowhere' });
    await expect(broken.run({ code: '1', inputs: {}, timeoutMs: 1000 }, new AbortController().signal)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
  });

  test('a closed sandbox takes no more programs', async () => {
    const closed = createPythonSandbox({ cacheDir: calls.cacheDir });
    await closed.close();
    await expect(closed.run({ code: '1', inputs: {}, timeoutMs: 1000 }, new AbortController().signal)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
  });

  test('when the parent is killed, its looping and its waiting sandbox processes end too', async () => {
    const host = spawn(process.execPath, ['--input-type=module', '-e', `
      import { readFileSync } from 'node:fs';
      const { createPythonSandbox } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const sandbox = createPythonSandbox({ cacheDir: ${JSON.stringify(calls.cacheDir)}, poolSize: 1 });
      await sandbox.warmUp();
      sandbox.run({ code: 'while True: pass', inputs: {}, timeoutMs: 100_000 }, new AbortController().signal).catch(() => {});
      let children = [];
      while (children.length < 2) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await sandbox.warmUp();
        children = readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim().split(' ');
      }
      console.log(children.join(' '));
      setInterval(() => {}, 1000);
    `], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const line = await new Promise<string>((resolve) => host.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
      const pids = line.trim().split(' ').map(Number);
      expect(pids).toHaveLength(2);
      host.kill('SIGKILL');
      await expect.poll(() => pids.every(isGone), { timeout: 30_000 }).toBe(true);
    } finally {
      host.kill('SIGKILL');
    }
  });
});
