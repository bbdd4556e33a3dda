import { tmpdir } from 'node:os';
import { createAgentTools, createPythonSandbox, type ToolRegistry } from '../engine/tools/index.ts';

/** The product's tools with nothing behind them: they can be offered to a model and are never executed. */
export const createIdleTools = (): ToolRegistry => createAgentTools({
  tools: { dataSources: { support: 'postgres://unused' }, httpAllowHosts: [], searxngUrl: undefined, braveApiKey: undefined },
  mail: { smtpUrl: 'smtp://unused', isOutbox: false, from: 'bench@example.com', companyDomains: [] },
  sandbox: createPythonSandbox({ cacheDir: tmpdir(), poolSize: 0 }),
});
