"""Runs one program and describes how it ended, as JSON. Executed once, when the memory snapshot is made.

Nothing here is a security boundary: the program can reach and change all of it, and then spoils its own answer only.
"""
import ast, asyncio, collections, csv, dataclasses, datetime, decimal, functools, itertools, io, json, keyword, linecache, math, os
import random, re, statistics, string, sys, textwrap, traceback, types, typing  # loaded here so that programs find them ready

from pyodide.code import CodeRunner

FILENAME = "<program>"
os.environ.pop("_", None)  # names a host file: the one that made the snapshot


def _describe(error, job):
    max_traceback = job["max_traceback"]
    kind = type(error).__name__
    try:
        message = str(error)
    except BaseException:
        message = "(the error's own text could not be made)"
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        if top not in sys.stdlib_module_names:
            message = f"No module named {error.name!r}: only Python's standard library is available here, and nothing can be installed."
    elif "NotCapable" in message:
        message = "The sandbox has no access to the network, to files, to the environment or to other processes of the host."
    elif isinstance(error, MemoryError) and not message:
        message = f"A program here may hold {job['memory_mb']} MB."
    elif kind == "ZoneInfoNotFoundError":
        message = "There is no time zone database here; use datetime.timezone with a fixed offset."
    try:
        report = traceback.TracebackException.from_exception(error)
        own = next((i for i, frame in enumerate(report.stack) if frame.filename == FILENAME), len(report.stack))
        report.stack = traceback.StackSummary.from_list(report.stack[own:])
        report._str = message
        text = "".join(report.format())
    except BaseException:
        text = f"{kind}: {message}"
    if len(text) > max_traceback:
        half = max_traceback // 2
        text = text[:half] + "\n[… shortened …]\n" + text[-half:]
    return {"type": kind, "message": message[:4000], "traceback": text}


def _express(value, dumps, max_result):
    note = None
    try:
        text = dumps(value, allow_nan=False)
    except BaseException as problem:
        try:
            shown = repr(value)
        except BaseException as inner:
            shown = f"<{type(value).__name__} whose repr failed with {type(inner).__name__}>"
        note = f"The result is not JSON ({type(problem).__name__}); this is its repr."
        if len(shown) > max_result:
            note += f" Only the first {max_result} of its {len(shown)} characters are kept."
            shown = shown[:max_result]
        return dumps(shown), note
    if len(text) > max_result:
        note = f"The result is {len(text)} characters of JSON; only the first {max_result} are kept, as text."
        text = dumps(text[:max_result])
    return text, note


async def _maestro_run(job_json, loads=json.loads, dumps=json.dumps, describe=_describe, express=_express):
    job = loads(job_json)
    code = job["code"]
    random.seed()  # the snapshot froze the generator: without this every call would draw the same numbers
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    main.__dict__.update(loads(job["inputs_json"]))
    linecache.cache[FILENAME] = (len(code), None, code.splitlines(keepends=True), FILENAME)
    answer = {"result_json": None, "result_note": None, "error": None}
    value = None
    try:
        value = await CodeRunner(code, filename=FILENAME, quiet_trailing_semicolon=False, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).compile().run_async(main.__dict__)
        if value is None:
            value = main.__dict__.get("result")
    except SystemExit as leaving:
        if leaving.code not in (None, 0):
            answer["error"] = describe(leaving, job)
        value = main.__dict__.get("result")
    except BaseException as error:
        answer["error"] = describe(error, job)
    if answer["error"] is None and value is not None:
        try:
            answer["result_json"], answer["result_note"] = express(value, dumps, job["max_result"])
        except BaseException as error:
            answer["error"] = describe(error, job)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass
    return dumps(answer)
