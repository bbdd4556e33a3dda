// The tool that asks a person. Who may answer, and how, lives in engine/hitl.
export { createAskPersonTool } from './ask-person.ts';
