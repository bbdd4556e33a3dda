import { readdir, readFile, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../tool.ts';
import { type PythonCalls, startPythonCalls } from './call-python.ts';
import { honestPrograms } from './honest.cases.ts';
import { createExecutePythonTool, createPythonSandbox, executePythonArgumentsSchema, type PythonSandbox } from './index.ts';

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

  test('an unknown earlier result is told as an input error', async () => {
    expect(await failureOf({ code: '1', inputs: { x: { result_of: 'nowhere' } } })).toMatchObject({ code: 'TOOL_INPUT_INVALID' });
  });

  test('a result that is not JSON comes as its repr, and says so', async () => {
    expect(await call('{1, 2}')).toMatchObject({ result: '{1, 2}', result_note: expect.stringContaining('not JSON'), error: null });
  });

  test('integers given as text are told', async () => {
    expect(await call('2**60')).toMatchObject({ result: '1152921504606846976', result_note: expect.stringContaining('as text') });
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
