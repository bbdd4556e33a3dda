import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { deserializeMessage, type JSONRPCMessage, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import { jsonDepth } from '../../../../platform/json-depth.ts';
import { createLineSplitter } from '../../../../platform/split-lines.ts';
import { systemCodeOf } from '../../../../platform/system-code.ts';
import { createFloodGuard, isAnswer } from '../flood-guard.ts';
import { answerMarks, McpError, quote } from '../mcp-error.ts';
import { unwatchGroup, watchGroup } from './process-guard.ts';

export interface StdioProgram {
  command: string;
  args: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  cwd: string;
}

/** Bytes of one message; a result has at most 10 MB of binary content as base64, and 5 MB of text beside it. */
const maxLineBytes = 32_000_000;
/** Deeper messages are dropped: whoever reads them by recursion would go down with them. */
const maxDepth = 200;
const stderrKept = 16_000;
const stdinGraceMs = 1_000;
const termGraceMs = 2_000;

/** What stands for a line that cannot be read and yet seems to be an answer: waiting for it on would be in vain. */
function readId(text: string): JSONRPCMessage | undefined {
  const start = text.slice(0, 300);
  const id = /"id"\s*:\s*(\d{1,15})\b/.exec(start)?.[1];
  if (id === undefined || !start.includes('"jsonrpc"') || start.includes('"method"')) return undefined;
  return { jsonrpc: '2.0', id: Number(id), error: { code: -32_000, message: answerMarks.unreadable } };
}

/**
 * Speaks with a server that is a program: started without a shell, in a process group and an environment of its own, which end with it,
 * on close, and with this process. The client's own transport hands down parts of this process's environment and ends the leader alone.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  readonly #program: StdioProgram;
  #child: ChildProcessWithoutNullStreams | undefined;
  #started: Promise<void> | undefined;
  #exited: Promise<void> = Promise.resolve();
  #isRunning = false;
  #isClosed = false;
  #stderr = '';
  #failure: McpError | undefined;
  readonly #flood = createFloodGuard();

  constructor(program: StdioProgram) {
    this.#program = program;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Why it ended by itself; undefined while it runs, and after {@link close}. */
  get failure(): McpError | undefined {
    return this.#failure;
  }

  /** What the program wrote last to its standard error, in whole lines: of half a secret nobody sees that it is one. */
  get stderr(): string {
    return this.#stderr.length < stderrKept ? this.#stderr : this.#stderr.slice(this.#stderr.indexOf('\n') + 1 || stderrKept);
  }

  /** Starts the program once. Throws McpError PROGRAM_NOT_FOUND, PROGRAM_NOT_STARTED. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  #start(): Promise<void> {
    const { command, args, env, cwd } = this.#program;
    const child = spawn(command, args, { cwd, env, stdio: 'pipe', shell: false, detached: true });
    this.#child = child;
    if (child.pid !== undefined) {
      watchGroup(child.pid);
      this.#isRunning = true;
    }
    this.#readLines(child);
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-stderrKept);
    });
    // A program that ends while it is written to is seen by its end.
    child.stdin.on('error', () => undefined);
    return new Promise((resolve, reject) => {
      child.once('spawn', () => resolve());
      this.#exited = new Promise((settle) => {
        child.once('error', (error) => {
          const code = systemCodeOf(error) ?? 'unknown';
          const known = code === 'ENOENT' ? `There is no program "${quote(command, 200)}" on this machine.` : `The program "${quote(command, 200)}" cannot be started (${code}).`;
          reject(new McpError(code === 'ENOENT' ? 'PROGRAM_NOT_FOUND' : 'PROGRAM_NOT_STARTED', known, {
            cause: error, toolCode: 'TOOL_NOT_CONFIGURED', fix: 'Install it on the machines of worker and api, or write its whole path.',
          }));
          this.#end();
          settle();
        });
        child.once('exit', (code, signal) => {
          this.#isRunning = false;
          this.#signal('SIGKILL'); // what it left behind in its group
          if (child.pid !== undefined) unwatchGroup(child.pid);
          this.#failure ??= new McpError('PROGRAM_ENDED', `The program ended (${signal ?? `exit code ${code}`}).`, { fix: 'Look at what it wrote last, and try its command by hand.' });
          settle();
          // What left the group may hold the pipes open for ever; what was said is read within a moment.
          const ended = setTimeout(() => this.#end(), 500);
          child.once('close', () => {
            clearTimeout(ended);
            this.#end();
          });
        });
      });
    });
  }

  #readLines(child: ChildProcessWithoutNullStreams): void {
    const lines = createLineSplitter((line) => {
      if (!this.#isClosed) this.#onLine(line);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      if (lines.pendingBytes > maxLineBytes) {
        lines.drop();
        this.#fail(new McpError('MESSAGE_TOO_LARGE', `The server sent a message of more than ${maxLineBytes / 1_000_000} MB and was stopped.`, { fix: 'Ask it for less at a time.', toolCode: 'TOOL_FAILED' }));
      }
    });
  }

  #onLine(line: Buffer): void {
    let message: JSONRPCMessage | undefined;
    const text = line.toString('utf8');
    try {
      if (jsonDepth(text) <= maxDepth) message = deserializeMessage(text);
    } catch {
      // Programs print to their output what belongs into a log; it is passed over.
    }
    message ??= readId(text);
    if ((message === undefined || !isAnswer(message)) && !this.#flood.allows(line.length)) {
      return this.#fail(new McpError('FLOOD', 'The server says more unasked than can be read, and was stopped.', { fix: 'Look at what it writes to its standard output.', toolCode: 'TOOL_FAILED' }));
    }
    if (message !== undefined) this.onmessage?.(message);
  }

  /** Ends a program that cannot be spoken with any more. */
  #fail(error: McpError): void {
    if (this.#isClosed) return;
    this.#failure ??= error;
    this.#signal('SIGKILL');
    this.#end();
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child?.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It has ended.
    }
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stream of [this.#child?.stdin, this.#child?.stdout, this.#child?.stderr]) stream?.destroy();
    this.onclose?.();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#child === undefined || !this.#isRunning || this.#isClosed) throw this.#failure ?? new McpError('NOT_CONNECTED', 'The server is not running.', { fix: 'Try again.' });
    // Not waited for: a program that does not read must not hold up a call that was cancelled meanwhile.
    this.#child.stdin.write(serializeMessage(message));
  }

  /** Ends the program: by closing its input, then by signals. */
  async close(): Promise<void> {
    const hasEnded = (ms: number): Promise<boolean> => {
      const timer = Promise.withResolvers<boolean>();
      const handle = setTimeout(() => timer.resolve(false), ms);
      return Promise.race([this.#exited.then(() => true), timer.promise]).finally(() => clearTimeout(handle));
    };
    if (this.#isRunning) {
      this.#child?.stdin.end();
      if (!(await hasEnded(stdinGraceMs))) {
        this.#signal('SIGTERM');
        if (!(await hasEnded(termGraceMs))) this.#signal('SIGKILL');
        await this.#exited;
      }
    }
    this.#end();
  }
}
