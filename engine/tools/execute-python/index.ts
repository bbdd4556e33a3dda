// Lives here: the execute_python tool and the sandbox it runs programs in (Pyodide inside Deno without permissions).
// Does not: who may run what (safety), storing or shortening results (the executor), SQL or network tools (siblings).
export { createExecutePythonTool, executePythonArgumentsSchema, type ExecutePythonArguments } from './execute-python.ts';
export { createPythonSandbox, type PythonOutcome, type PythonProgram, type PythonSandbox, type PythonSandboxOptions } from './python-sandbox.ts';
