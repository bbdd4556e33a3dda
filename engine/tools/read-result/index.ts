// Lives here: the read_result tool: any part of what earlier calls of the run brought, in pieces a model can take.
// Does not: how results are shortened for the prompt (context), where they are kept (execution).
export { createReadResultTool } from './read-result.ts';
