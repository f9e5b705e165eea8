# stone: the harness imports nothing from the workspace
# expect: ok
for name in ("json", "os", "struct", "socket", "traceback", "textwrap", "linecache", "base64", "mayfly", "IPython", "sitecustomize", "usercustomize",
             "importlib", "encodings", "_bootlocale", "nbformat", "matplotlib_inline", "tempfile", "glob"):
    with open(f"/w/{name}.py", "w") as f:
        f.write(f"raise SystemExit('ESC' + 'APE {name} of the workspace was imported')\n")
with open("/w/sitecustomize.pth", "w") as f:
    f.write("import json\n")
held("laid")
# next cell
list_files()
display(1)
try:
    load_file("shelf.txt")
    load_file("no such file")
except OSError as trouble:
    held("load_file", trouble)
import matplotlib.pyplot as plt
plt.plot([1])
# next cell
try:
    import no_such_package
except ImportError:
    held("a failure")
text = subprocess.run([sys.executable, "-c", "print('a child')"], capture_output=True, text=True, cwd="/")
held("a child of Python", text.stdout) if "ESC" not in text.stdout + text.stderr else escape("a child of Python")
