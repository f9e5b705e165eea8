"""Everything a run should find loaded already, once, before any fork.

What must not happen here: reading Parquet or Feather, DuckDB or polars queries.
They start thread pools, and a fork takes only one thread along.
"""

import gc
import glob
import importlib
import io
import os
import shutil
import sys
import warnings

# The order is that of the reasons: arrow and polars first, so that the two
# settings that keep their allocators from starting threads are seen by them.
STACK = (
    "numpy pandas pyarrow pyarrow.parquet pyarrow.feather pyarrow.csv polars duckdb matplotlib matplotlib.pyplot "
    "matplotlib.backends.backend_agg matplotlib.backends.backend_svg PIL.Image PIL.PngImagePlugin PIL.JpegImagePlugin "
    "openpyxl xlsxwriter scipy.stats scipy.optimize scipy.signal sklearn.linear_model sklearn.cluster "
    "sklearn.ensemble sklearn.model_selection sklearn.preprocessing sklearn.datasets sklearn.naive_bayes sklearn.neural_network "
    "scipy.io matplotlib.animation reportlab.platypus seaborn plotly.graph_objects plotly.express nbformat "
    "h5py tables sympy statsmodels.api networkx lxml.etree bs4 yaml tabulate joblib tqdm docx pypdf "
    "reportlab.pdfgen.canvas odf.opendocument python_calamine "
    "IPython asyncio concurrent.futures multiprocessing subprocess sqlite3 decimal fractions statistics zipfile tarfile "
    "csv json pickle xml.etree.ElementTree tomllib hashlib uuid secrets getpass platform pprint dataclasses enum typing"
).split()

# What is imported when code asks for it, with the reason. A test writes both into
# docs/preloaded.md, and says when one of these comes loaded by another.
LATE = {
    "sklearn.mixture": "seldom asked for",
    "sklearn.gaussian_process": "seldom asked for",
    "seaborn.objects": "seldom asked for: most code uses seaborn itself",
    "plotly.figure_factory": "seldom asked for: plotly.express has come in its place",
}

# polars starts one thread that sleeps until a query spills to disk; it holds no
# lock then, and 30 of 30 forks with it computed rightly.
_ALLOWED_THREADS = ("polars-ooc-clea",)


_sources = []  # random generators, as settle found them


class Threads(Exception):
    """Another thread is alive: a fork would leave its locks held for ever."""


def preload():
    """Imports the stack; returns the names that are not installed."""
    take_fonts()
    missing = []
    for name in STACK:
        try:
            importlib.import_module(name)
        except ImportError:
            missing.append(name)
    return missing


def take_fonts():
    """Takes over the list of fonts that was made with the runtime: matplotlib
    needs 150 ms to make one, and takes none from a folder it cannot write to."""
    os.makedirs(os.environ["MPLCONFIGDIR"], exist_ok=True)
    for path in glob.glob(sys.prefix + "/matplotlib/fontlist-*.json"):
        shutil.copy2(path, os.environ["MPLCONFIGDIR"])


def packages():
    """What is installed, by name."""
    from importlib import metadata

    found = {}
    for dist in metadata.distributions():
        if name := dist.metadata["Name"]:
            found.setdefault(name.lower(), {"name": name, "version": dist.version})
    return [found[key] for key in sorted(found)]


def exercise():
    """Runs what a first run would otherwise pay for: lazy imports, caches."""
    import matplotlib
    import numpy as np
    import pandas as pd

    matplotlib.use("module://mayfly.backend")
    import matplotlib.pyplot as plt

    frame = pd.DataFrame({"a": np.arange(40.0), "b": list("xyzw") * 10})
    frame["when"] = pd.date_range("2026-01-01", periods=40, freq="D")
    text = frame.to_csv(index=False)
    pd.read_csv(io.StringIO(text))
    pd.read_json(io.StringIO(frame.to_json()))
    frame.to_excel(io.BytesIO())
    frame.describe()
    frame.groupby("b")["a"].mean()
    frame.merge(frame, on="a")
    frame.pivot_table(index="b", values="a")
    frame.set_index("when")["a"].resample("W").mean()
    frame._repr_html_()
    np.linalg.svd(np.eye(3))
    np.fft.fft(np.ones(8))
    np.random.default_rng(0).normal(size=3)
    for kind in ("png", "svg"):
        figure, axes = plt.subplots()
        frame.plot(x="when", y="a", ax=axes, title="t", grid=True)
        axes.bar([1, 2], [3, 4], label="l")
        axes.legend()
        figure.savefig(io.BytesIO(), format=kind)
        plt.close(figure)


def settle():
    """Forgets what belongs to this process alone, and freezes the rest so that
    a collection in a child does not copy it."""
    import matplotlib.font_manager as fonts

    getattr(fonts._get_font, "cache_clear", lambda: None)()  # holds open descriptors
    for module, name in (("platform", "_uname_cache"), ("uuid", "_node"), ("tempfile", "_name_sequence"), ("tempfile", "tempdir")):
        if name in vars(sys.modules.get(module, sys)):
            setattr(sys.modules[module], name, None)
    _sources[:] = _random_sources()
    warnings.resetwarnings()
    warnings.simplefilter("default")
    for quiet in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", quiet)
    gc.collect()
    gc.freeze()


def check_threads():
    names = []
    for task in os.listdir("/proc/self/task"):
        if int(task) != os.getpid():
            with open(f"/proc/self/task/{task}/comm") as comm:
                names.append(comm.read().strip())
    if extra := [name for name in names if name not in _ALLOWED_THREADS]:
        raise Threads(", ".join(extra))


def reseed():
    """What a forked child must not share with its siblings."""
    import multiprocessing
    import random

    random.seed()
    for source in _sources:
        if hasattr(source, "seed"):
            source.seed()
        else:  # numpy's Generator
            source.bit_generator.state = type(source.bit_generator)().state
    multiprocessing.current_process().authkey = os.urandom(32)


def _random_sources():
    """The generators that modules and their classes keep for themselves."""
    import random

    import numpy as np

    found = {}
    for module in list(sys.modules.values()):
        held = getattr(module, "__dict__", {})
        for owner in (held, *(vars(kind) for kind in list(held.values()) if isinstance(kind, type))):
            for source in list(owner.values()):
                if issubclass(type(source), (random.Random, np.random.RandomState, np.random.Generator)):
                    found[id(source)] = source
    return list(found.values())
