// Lets the Temporal SDK fetch the official CLI into a folder: `download-temporal.ts <folder> <version>`. A process of its own, because
// the SDK's download can neither be limited in time nor cancelled.
import process from 'node:process';
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [downloadDir, version] = process.argv.slice(2) as [string, string];
const environment = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', version, downloadDir } } });
await environment.teardown();
process.exit(0);
