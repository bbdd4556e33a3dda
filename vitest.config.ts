import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Two cores are the reference machine: files that start servers of their own must not crowd each other out.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${here('./web/src')}/` },
      { find: /^@contracts\//, replacement: `${here('./contracts')}/` },
    ],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    maxWorkers: 2,
    // A condition is waited for until it holds; how long that takes says something about the machine.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['{contracts,platform,db,engine,temporal,workflows,activities,api,embedded,scripts,web,docs}/**/*.test.ts'] } },
      // Whole processes on a real Temporal server: one file after another.
      { extends: true, test: { name: 'integration', include: ['tests/{integration,replay}/**/*.test.ts'], globalSetup: ['tests/support/global-setup.ts'], setupFiles: ['tests/support/quiet-runtime.ts'], testTimeout: 180_000, fileParallelism: false } },
      { extends: true, test: { name: 'e2e', include: ['tests/e2e/**/*.spec.ts'], testTimeout: 300_000, fileParallelism: false } },
    ],
  },
});
