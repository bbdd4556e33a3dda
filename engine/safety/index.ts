// Verdicts on tool calls: facts in, allow, ask or deny out. Who may then decide, and how, lives in hitl.
export { createBuiltInPolicy, type Policy } from './built-in-policy.ts';
export { checkToolCall } from './check-tool-call.ts';
export { judgeCall } from './judge-call.ts';
