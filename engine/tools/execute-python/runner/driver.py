"""Runs one program and describes how it ended, as JSON. Executed once, when the memory snapshot is made.

Nothing here is a security boundary: the program can reach and change all of it, and then spoils its own answer only.
"""
import ast, asyncio, builtins, collections, csv, dataclasses, datetime, decimal, functools, itertools, io, json, keyword, linecache, math, os
import random, re, statistics, string, sys, textwrap, traceback, types, typing  # loaded here so that programs find them ready

import js
from pyodide.code import CodeRunner
from pyodide.ffi import JsException

FILENAME = "<program>"
NO_HOST = "The sandbox has no access to the network, to files, to the environment or to other processes of the host."
os.environ.pop("_", None)  # what started Python, and nothing of the program's
os.environ["MPLBACKEND"] = "Agg"  # there is no screen


def _describe_missing(name, job):
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return None
    note = job["package_notes"].get(top)
    return f"No module named {name!r}: {note}" if note else f"No module named {name!r}: only Python's standard library is available here, and nothing can be installed."


def _describe(error, job):
    max_traceback = job["max_traceback"]
    kind = type(error).__name__
    try:
        message = str(error)
    except BaseException:
        message = "(the error's own text could not be made)"
    if isinstance(error, ModuleNotFoundError) and error.name:
        message = _describe_missing(error.name, job) or message
    elif isinstance(error, ImportError) and error.name == "js" or isinstance(error, AttributeError) and getattr(error, "obj", None) is js:
        message = f"{message}: there is no such thing here. {NO_HOST}"
    elif isinstance(error, JsException) and "EvalError" in message:
        message = "The sandbox runs Python only; JavaScript is not compiled here."
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


def _watch_figures():
    """Remembers which figures the program saves itself: the others are saved for it at the end. Before the program's time begins."""
    try:
        from matplotlib.figure import Figure
    except Exception:
        return  # the program's own import will tell
    savefig = Figure.savefig

    @functools.wraps(savefig)
    def remember(self, fname, *args, **kwargs):
        done = savefig(self, fname, *args, **kwargs)
        self._maestro_is_saved = isinstance(fname, (str, os.PathLike))
        return done
    Figure.savefig = remember


def _save_figures(limit):
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums()[:limit] if pyplot else ():
        figure = pyplot.figure(number)
        if not getattr(figure, "_maestro_is_saved", False):
            figure.savefig(f"/outputs/figure-{number}.png", format="png")


# A program that breaks the builtins breaks them for itself: the report is made with the real ones.
_restore_builtins = functools.partial(vars(builtins).update, vars(builtins).copy())


async def _maestro_run(job_json, loads=json.loads, dumps=json.dumps, describe=_describe, express=_express, save_figures=_save_figures, restore=_restore_builtins):
    job = loads(job_json)
    code = job["code"]
    random.seed()  # the snapshot froze the generator: without this every call would draw the same numbers
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    main.__dict__.update(loads(job["inputs_json"]))
    linecache.cache[FILENAME] = (len(code), None, code.splitlines(keepends=True), FILENAME)
    answer = {"result_json": None, "result_note": None, "error": None, "figures_note": None}
    value = None
    try:
        try:
            value = await CodeRunner(code, filename=FILENAME, quiet_trailing_semicolon=False, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).compile().run_async(main.__dict__)
        finally:
            restore()
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
    try:
        save_figures(job["max_files"])
    except BaseException as error:
        answer["figures_note"] = f"A figure could not be saved: {describe(error, job)['message'][:500]}"
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass
    return dumps(answer)
