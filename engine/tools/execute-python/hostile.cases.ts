import type { ErrorCode } from '../../../contracts/errors.ts';

/** What must come back from a hostile program. */
export type HostileEnd =
  /** A Python error the model can read: its type, and its message. */
  | { error: [type: RegExp, message: RegExp] }
  /** The call fails. */
  | { fails: [code: ErrorCode, message: RegExp] }
  /** Nothing bad happened: parts of the output. */
  | { output: object };

export interface HostileCase {
  name: string;
  code: string;
  end: HostileEnd;
  timeoutSeconds?: number;
}

const error = (name: string, code: string, type: RegExp, message: RegExp = /./): HostileCase => ({ name, code, end: { error: [type, message] } });
const fails = (name: string, code: string, failure: ErrorCode, message: RegExp, timeoutSeconds?: number): HostileCase =>
  ({ name, code, end: { fails: [failure, message] }, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) });
const output = (name: string, code: string, parts: object): HostileCase => ({ name, code, end: { output: parts } });

const noSuchThing = /there is no such thing here/;
const noJavaScript = /JavaScript is not compiled here/;

/** Ways out of Python through the JavaScript it runs in. */
const javaScript: HostileCase[] = [
  error('ending the process by Deno.exit', 'import js\njs.Deno.exit(0)', /AttributeError/, noSuchThing),
  error('the environment by Deno.env', 'import js\njs.Deno.env.toObject()', /AttributeError/, noSuchThing),
  error('a command by Deno.Command', 'from js import Deno\nDeno.Command.new("/bin/sh").outputSync()', /ImportError/, noSuchThing),
  error('process.exit', 'import js\njs.process.exit(0)', /AttributeError/, noSuchThing),
  error('closing the thread', 'import js\njs.self.close()', /AttributeError/, noSuchThing),
  error('closing the thread by globalThis', 'import js\njs.globalThis.close()', /AttributeError/),
  error('posting a forged report', 'import js\njs.globalThis.postMessage({"frame": "{\\"type\\":\\"flood\\"}"})', /AttributeError/),
  error('listening to the job of somebody else', 'import js\njs.globalThis.onmessage', /AttributeError/),
  error('the address of the runtime', 'import js\njs.location.href', /AttributeError/, noSuchThing),
  error('fetch', 'import js\nawait js.fetch("http://127.0.0.1:9/")', /JsException/, /no access to the network/),
  error('fetch of a host file', 'import js\nawait js.fetch("file:///etc/passwd")', /JsException/, /no access to the network/),
  error('pyfetch', 'from pyodide.http import pyfetch\nawait pyfetch("http://example.com/")', /AbortError|JsException/, /network/),
  error('a WebSocket', 'import js\njs.WebSocket.new("ws://127.0.0.1:9/")', /AttributeError/, noSuchThing),
  error('XMLHttpRequest', 'import js\njs.XMLHttpRequest.new()', /AttributeError/, noSuchThing),
  error('a worker with wider rights', 'import js\njs.Worker.new("data:application/javascript,postMessage(Deno.cwd())")', /AttributeError/, noSuchThing),
  error('storage that outlives the call', 'import js\nawait js.caches.open("x")', /AttributeError/, noSuchThing),
  error('eval', 'import js\njs.eval("1 + 1")', /JsException/, noJavaScript),
  error('the Function constructor', 'import js\njs.Function.new("return globalThis")()', /JsException/, noJavaScript),
  error('the Function constructor by way of an object', 'import js\njs.Object.constructor("return Deno")()', /JsException/, noJavaScript),
  error('an async function\'s constructor', 'import js\njs.Object.getPrototypeOf(js.fetch).constructor.new("return import(\'node:fs\')")()', /JsException/, noJavaScript),
  error('importing node:fs', 'from pyodide.code import run_js\nfs = await run_js("import(\'node:fs\')")\nfs.readFileSync("/etc/passwd")', /JsException/, noJavaScript),
  error('importing node:child_process by a timer\'s text', 'import js, asyncio\njs.setTimeout("import(\'node:child_process\')", 0)\nawait asyncio.sleep(0.05)\nraise LookupError("nothing ran")', /JsException/, /must be of type function/),
  error('mounting a host folder', 'import pyodide_js\npyodide_js.mountNodeFS("/mnt/host", "/etc")', /JsException/, /Node/),
  error('Pyodide\'s file system over the host\'s', 'import pyodide_js\nfs = pyodide_js.FS\nfs.mkdir("/mnt")\nfs.mount(fs.filesystems.NODEFS, {"root": "/"}, "/mnt")', /./),
  error('installing from an index', 'import micropip\nawait micropip.install("six")', /ModuleNotFoundError/, /standard library/),
  error('installing by Pyodide', 'import pyodide_js\nawait pyodide_js.loadPackage("numpy")\nimport numpy', /ModuleNotFoundError/, /standard library/),
  output('what stacks and addresses tell', `
import js, sys, os, traceback
from pyodide.ffi import JsException
try:
    js.JSON.parse("{")
except JsException as error:
    stack = error.stack + traceback.format_exc()
text = " ".join([stack, sys.executable, *sys.path, *sys.argv, os.getcwd(), str(os.environ), str(js.Error.new("x").stack)])
[word for word in ("/work", "/home/root", "node_modules", "maestro-", "execute-python", "file:", "/tmp/") if word in text]`, { result: [], error: null }),
];

/** Ways out by what an operating system usually gives. */
const system: HostileCase[] = [
  error('subprocess', 'import subprocess\nsubprocess.run(["id"])', /OSError/, /emscripten does not support processes/),
  error('os.system', 'import os\nassert os.system("id") == 0, "no shell"', /AssertionError|OSError/),
  error('fork', 'import os\nos.fork()', /./),
  error('exec', 'import os\nos.execv("/bin/sh", ["sh"])', /./),
  error('multiprocessing', 'import multiprocessing\nmultiprocessing.Process(target=print).start()', /./),
  error('threads', 'import threading\nthreading.Thread(target=print).start()', /RuntimeError/, /thread/),
  error('SIGKILL to itself', 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nraise SystemError("still here")', /./),
  error('a socket', 'import socket\nsocket.create_connection(("127.0.0.1", 22), timeout=2)', /OSError|Error/),
  error('a listening socket', 'import socket\ns = socket.socket()\ns.bind(("127.0.0.1", 0))\ns.listen()\ns.accept()', /./),
  error('urllib', 'import urllib.request\nurllib.request.urlopen("http://127.0.0.1:9/", timeout=2).read()', /URLError|OSError|Error/),
  error('a library of the host by ctypes', 'import ctypes\nctypes.CDLL("/lib/x86_64-linux-gnu/libc.so.6").getpid()', /OSError/),
  error('memory that is not its own', 'import ctypes\nctypes.string_at(0x7fffffff, 100)', /InterpreterCrash|Error/),
  error('memory of the interpreter overwritten', 'import ctypes\nctypes.memset(1024, 0xff, 20_000_000)\n[object() for _ in range(100)]', /./),
  output('host files', 'import os\n[path for path in ("/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/self/maps", "/proc/1/cmdline", "/work", "/var", "/root") if os.path.exists(path)]', { result: [], error: null }),
  output('the environment', 'import os\n[name for name in os.environ if name not in {"HOME", "LANG", "LD_LIBRARY_PATH", "LOGNAME", "MPLBACKEND", "PATH", "PWD", "PYTHONINSPECT", "USER"}]', { result: [], error: null }),
  output('files of the runtime, deleted', 'import os, shutil\nshutil.rmtree("/lib", ignore_errors=True)\nos.path.exists("/lib/python314.zip")', { result: false, error: null }),
  output('writing over /etc/passwd of the sandbox', 'import os\nos.makedirs("/etc")\nopen("/etc/passwd", "w").write("root::0:0::/:/bin/sh")', { result: 20, error: null }),
];

const memory = /more than 256 MB of memory/;

/** Taking more than there is. Each ends by a limit, not by the machine. */
const resources: HostileCase[] = [
  error('a list that grows', 'x = []\nwhile True: x.append(bytearray(10_000_000))', /MemoryError/, /256 MB/),
  error('a list of half a billion nothings', '[0] * 500_000_000', /MemoryError/),
  error('bytes of two gigabytes', 'bytes(2_000_000_000)', /MemoryError/, /256 MB/),
  error('text that doubles', 'x = "é"\nwhile True: x += x', /MemoryError/, /256 MB/),
  error('a list out of an endless generator', 'import itertools\nlist(itertools.count())', /MemoryError/),
  error('endless recursion', 'def f(n): return f(n + 1)\nf(0)', /RecursionError/, /recursion/),
  error('native recursion that uses up the stack', 'import json\njson.loads("[" * 100_000)', /InterpreterCrash|RecursionError/, /nested too deeply|recursion/),
  error('a thousand nested brackets of code', '(' + '('.repeat(1_000) + ')'.repeat(1_001), /SyntaxError|MemoryError|RecursionError/),
  fails('memory outside Python', 'import js\nx = []\nwhile True:\n  a = js.Uint8Array.new(50_000_000)\n  a.fill(1)\n  x.append(a)', 'TOOL_REFUSED', memory),
  fails('further WebAssembly memories', 'import js\nfrom pyodide.ffi import to_js\nx = []\nwhile True:\n  m = js.WebAssembly.Memory.new(to_js({"initial": 1, "maximum": 4096}, dict_converter=js.Object.fromEntries))\n  m.grow(2000)\n  js.Uint8Array.new(m.buffer).fill(1)\n  x.append(m)', 'TOOL_REFUSED', memory),
  fails('the heap of JavaScript', 'import js\nx = js.Array.new()\nwhile True: x.push(js.Array.new(100_000).fill(js.Object.new()))', 'TOOL_REFUSED', memory),
  fails('a gigabyte written to the file system in memory', 'with open("big", "wb") as f:\n  for _ in range(1000): f.write(b"x" * 1_000_000)', 'TOOL_REFUSED', memory),
  error('a zip bomb', 'import io, zipfile\nb = io.BytesIO()\nwith zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:\n  with z.open("zeros", "w", force_zip64=True) as f:\n    for _ in range(60): f.write(bytes(5_000_000))\nlen(zipfile.ZipFile(b).read("zeros"))', /MemoryError/),
  fails('a loop without end', 'print("working", flush=True)\nwhile True: pass', 'TOOL_TIMEOUT', /longer than 1 s/, 1),
  fails('a regular expression that backtracks without end', 'import re\nre.match(r"(a+)+$", "a" * 40 + "b")', 'TOOL_TIMEOUT', /longer than 1 s/, 1),
  fails('a sleep without end', 'import time\ntime.sleep(10_000)', 'TOOL_TIMEOUT', /longer than 1 s/, 1),
  fails('waiting for what never comes', 'import asyncio\nawait asyncio.Future()', 'TOOL_TIMEOUT', /longer than 1 s/, 1),
  fails('a lock of JavaScript that nobody opens', 'import js\njs.Atomics.wait(js.Int32Array.new(js.SharedArrayBuffer.new(4)), 0, 0)', 'TOOL_TIMEOUT', /longer than 1 s/, 1),
  fails('printing without end', 'while True: print("x" * 1000)', 'TOOL_REFUSED', /printed more than/),
  fails('printing without end by JavaScript\'s console', 'import js\nwhile True: js.console.error("y" * 100_000)', 'TOOL_REFUSED', /printed more than/),
  output('printing more than is kept', 'print("é" * 60_000)\n1', { result: 1, truncated: { stdout: true, stderr: false } }),
  output('a result of two million characters', '"x" * 2_000_000', { result_note: /only the first 1000000 are kept/, error: null }),
];

/** Spoiling the interpreter the program runs in. */
const interpreter: HostileCase[] = [
  output('builtins replaced', 'import builtins\nfor name in ("print", "len", "repr", "str", "isinstance", "getattr", "type", "open"): setattr(builtins, name, None)\n6 * 7', { result: 42, error: null }),
  output('json replaced', 'import json\njson.dumps = json.loads = lambda *a, **k: "forged"\n6 * 7', { result: 42, error: null }),
  output('standard output replaced', 'import sys\nsys.stdout = sys.stderr = None\nprint("lost")\n6 * 7', { result: 42, stdout: '', error: null }),
  output('standard output closed', 'import sys\nsys.stdout.close()\n6 * 7', { result: 42 }),
  output('the driver\'s own module emptied', 'import sys\nsys.modules.clear()\n6 * 7', { result: 42 }),
  fails('the driver\'s report forged into nonsense', 'import sys\nframe = sys._getframe()\nwhile frame and "answer" not in frame.f_locals: frame = frame.f_back\nanswer = frame.f_locals["answer"]\nanswer["extra"] = 1', 'TOOL_FAILED', /disturbed its own report/),
  fails('a result that is no JSON, forged', 'import gc\nfor d in gc.get_objects():\n  if type(d) is dict and "figures_note" in d and "result_note" in d: d["result_json"] = "{"\nNone', 'TOOL_FAILED', /disturbed its own report/),
  output('a frame of the protocol, printed', 'print(\'{"type":"done","answer":"{}","printed_bytes":{"stdout":0,"stderr":0}}\')\n5', { result: 5, error: null }),
  error('every dictionary emptied', 'import gc\nfor d in gc.get_objects():\n  if type(d) is dict: d.clear()', /./),
  output('sys.exit(0) after a result', 'import sys\nresult = 5\nsys.exit(0)', { result: 5, error: null }),
  error('sys.exit with a reason', 'import sys\nsys.exit("gave up")', /SystemExit/, /gave up/),
  error('os._exit', 'import os\nos._exit(0)', /InterpreterCrash/, /exit\(0\)/),
  error('abort', 'import os\nos.abort()', /InterpreterCrash/),
  error('an exception outside Exception', 'raise KeyboardInterrupt', /KeyboardInterrupt/, /^$/),
  error('an exception whose text raises', 'class E(Exception):\n  def __str__(self): raise ValueError\nraise E', /^E$/, /could not be made/),
  error('asking for input', 'input("name? ")', /EOFError/, /EOF/),
];

/** Values and texts that do not fit where they go. */
const values: HostileCase[] = [
  output('NaN and infinity', '[float("nan"), float("inf")]', { result: '[nan, inf]', result_note: /not JSON/ }),
  output('a list that holds itself', 'x = []\nx.append(x)\nx', { result: '[[...]]', result_note: /not JSON/ }),
  output('a generator without end', '(n for n in iter(int, 1))', { result: /generator object/, result_note: /not JSON/ }),
  output('a set', '{1, 2}', { result: '{1, 2}', result_note: /not JSON/ }),
  output('keys that are no text', '{1: "a", None: "b", (2, 3) if False else True: "c"}', { result: { 1: 'c', null: 'b' } }),
  output('an object whose repr raises', 'class X:\n  def __repr__(self): raise ValueError\nX()', { result: /repr failed with ValueError/ }),
  error('NUL in the code', 'x = 1\n\0', /SyntaxError/, /null/),
  error('a lone surrogate in the code', 'x = "\uD800"', /UnicodeEncodeError/, /surrogates not allowed/),
  output('a lone surrogate as the result', '"a\\ud800b"', { result: 'a\uD800b', error: null }),
  error('a lone surrogate, printed', 'print("\\ud800")', /UnicodeEncodeError/, /surrogates not allowed/),
  output('NUL and control characters, printed', 'print("a\\0b\\x1b[31m\\r")', { stdout: 'a\0b\x1b[31m\r\n', error: null }),
];

/** The folder whose files come back. */
const files: HostileCase[] = [
  output('more files than are kept', 'for n in range(30): open(f"{n:02}.txt", "w").write("x")', { files: { length: 20 }, files_note: /20\.txt is one too many; 20 files are kept/ }),
  output('a file larger than is kept', 'open("big.bin", "wb").write(bytes(10_000_001))', { files: [], files_note: /big\.bin has 10000001 bytes/ }),
  output('names that are no file names', 'import os\nfor name in ("a\\nb", "evil\\u202egnp.exe", "c:d", "x" * 201): open(name, "w").write("x")', { files: [], files_note: /is no file name/ }),
  output('links, devices and a folder in itself', 'import os\nos.symlink("/outputs", "loop")\nos.symlink("/lib/python314.zip", "lib.zip")\nopen("real.txt", "w").write("x")', { files: [{ file: { name: 'real.txt' } }], error: null }),
  output('no folder any more', 'import os, shutil\nos.chdir("/")\nshutil.rmtree("/outputs")\n1', { result: 1, files: [], files_note: /removed or replaced/ }),
  output('a file in place of the folder', 'import os\nos.chdir("/")\nos.rmdir("/outputs")\nopen("/outputs", "w").write("x")', { files: [], files_note: /removed or replaced/ }),
];

export const hostileGroups: readonly [group: string, cases: readonly HostileCase[]][] = [
  ['JavaScript', javaScript], ['the operating system', system], ['resources', resources], ['the interpreter', interpreter], ['values', values], ['files', files],
];
