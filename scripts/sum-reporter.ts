import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What one vitest run came to. `failures` names each failed test, unloadable file and stray error with the first line of why. */
export interface Sum {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
}

/** Where the reporter writes its sum: a path in the environment of the vitest it reports on. */
export const sumPathVariable = 'MAESTRO_TEST_SUM';

const why = (errors: readonly { message: string }[]): string => errors[0]?.message.split('\n', 1)[0] ?? 'no reason given';

/** A vitest reporter that sums a run: a file that does not load and an error nobody caught count as failures, as a failed test does. */
export default class SumReporter implements Reporter {
  async onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): Promise<void> {
    const sum: Sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
    const fail = (what: string, errors: readonly { message: string }[]): void => {
      sum.failed += 1;
      sum.failures.push(`${what}: ${why(errors)}`);
    };
    for (const testModule of testModules) {
      const file = relative(process.cwd(), testModule.moduleId);
      const suites = [testModule, ...testModule.children.allSuites()];
      for (const suite of suites) if (suite.errors().length > 0) fail(suite.type === 'module' ? file : `${file} > ${suite.fullName}`, suite.errors());
      for (const test of testModule.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') sum.passed += 1;
        else if (result.state === 'failed') fail(`${file} > ${test.fullName}`, result.errors);
        else if (result.state === 'skipped') sum.skipped += 1;
        else fail(`${file} > ${test.fullName}`, [{ message: 'did not end' }]);
      }
    }
    for (const error of unhandledErrors) fail('outside of any test', [error]);
    const path = process.env[sumPathVariable];
    if (path !== undefined) await writeFile(path, JSON.stringify(sum));
  }
}
