// Every workflow by name: the bundle's table of contents. Deterministic code only; nothing here touches the outside world.
export { agentRunWorkflow } from './agent-run/workflow.ts';
export { backTestWorkflow } from './back-test/workflow.ts';
export { maintenanceWorkflow } from './maintenance/workflow.ts';
export { noticesWorkflow } from './notices/workflow.ts';
