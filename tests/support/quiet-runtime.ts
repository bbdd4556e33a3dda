import { DefaultLogger, Runtime } from '@temporalio/worker';

// Replaying workers would tell of each state they pass.
Runtime.install({ logger: new DefaultLogger('ERROR') });
