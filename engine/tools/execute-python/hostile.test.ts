import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PythonCalls, startPythonCalls } from '../../../tests/support/python-calls.ts';
import { hostileGroups } from './hostile.cases.ts';
import { honestPrograms } from './honest.cases.ts';
import { executePythonArgumentsSchema } from './index.ts';

let calls: PythonCalls;
beforeAll(async () => { calls = await startPythonCalls({ poolSize: 2 }); }, 180_000);
afterAll(() => calls.close());

let attacks = 0;
/** The sandbox serves an honest program after the attack: another one of them each time. */
const expectService = async (): Promise<void> => {
  const [name, code, result] = honestPrograms[attacks++ % honestPrograms.length]!;
  expect(await calls.call(code), name).toMatchObject({ result, error: null, stderr: '', files: [] });
};

/** Regular expressions stand for any text they match. */
const toExpected = (parts: object): object => Object.fromEntries(Object.entries(parts).map(([key, value]: [string, unknown]) => [key, value instanceof RegExp ? expect.stringMatching(value) : value]));

describe.each(hostileGroups)('a program that attacks %s', { timeout: 120_000 }, (_group, cases) => {
  test.each(cases)('$name', async ({ code, end, timeoutSeconds = 30 }) => {
    const args = { code, timeout_seconds: timeoutSeconds };
    if ('fails' in end) {
      expect(await calls.failureOf(args)).toMatchObject({ code: end.fails[0], message: expect.stringMatching(end.fails[1]) });
    } else {
      const output = await calls.call(args);
      if ('error' in end) expect(output, JSON.stringify(output).slice(0, 500)).toMatchObject({ result: null, error: { type: expect.stringMatching(end.error[0]), message: expect.stringMatching(end.error[1]) } });
      else expect(output).toMatchObject(toExpected(end.output));
    }
    await expectService();
  });
});

describe('between calls', { timeout: 120_000 }, () => {
  test('nothing a program changes is there for the next: builtins, modules, files, inputs', async () => {
    await calls.call({ code: 'import builtins, json, pathlib, sys\nbuiltins.leak = 1\nbuiltins.len = lambda x: 99\njson.dumps = None\npathlib.Path("/inputs/left.txt").write_text("x")\nsys.modules["left"] = json', inputs: { secret: { value: 1 } } });
    expect((await calls.call('import builtins, json, pathlib, sys\n[hasattr(builtins, "leak"), len("ab"), json.dumps([1]), pathlib.Path("/inputs/left.txt").exists(), "left" in sys.modules, "secret" in globals()]')).result)
      .toEqual([false, 2, '[1]', false, false, false]);
  });

  test('random numbers differ though every interpreter comes from one image', async () => {
    const draw = async (): Promise<unknown> => (await calls.call('import random, secrets, uuid\n[random.random(), secrets.token_hex(8), str(uuid.uuid4())]')).result;
    const [first, second] = [await draw(), await draw()] as [unknown[], unknown[]];
    for (const [index, value] of first.entries()) expect(value).not.toBe(second[index]);
  });
});

test.each([
  ['10 MB of code', { code: 'x'.repeat(10_000_000) }],
  ['inputs by 21 names', { code: '1', inputs: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, { value: 1 }])) }],
  ['an input that is two things', { code: '1', inputs: { a: { value: 1, file: 'x.csv' } } }],
  ['a time limit of an hour', { code: '1', timeout_seconds: 3600 }],
])('%s is refused before anything runs', (_name, args) => {
  expect(executePythonArgumentsSchema.safeParse(args).success).toBe(false);
});
