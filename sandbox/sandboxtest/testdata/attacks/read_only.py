# stone: everything but the workspace is read-only
# expect: ok
def attempts(folder):
    name = os.path.join(folder, "evil")
    yield "create", lambda: open(name, "w")
    yield "mkdir", lambda: os.mkdir(name)
    yield "link", lambda: os.symlink("/w", name)
    yield "chmod", lambda: os.chmod(folder, 0o777)
    yield "utime", lambda: os.utime(folder)
    yield "rename", lambda: os.rename("/w/input.txt", name)
for folder in ("/", "/usr", "/usr/bin", "/usr/lib/python3.11", "/usr/local", "/etc", "/dev", "/proc", "/opt", "/opt/python", "/opt/python/bin",
               "/opt/guest", "/opt/guest/mayfly", "/bin/", "/lib/", "/var", "/inputs", "/proc/self"):
    if os.path.isdir(folder):
        for what, attempt in attempts(folder):
            refused(f"{what} in {folder}", attempt)
for path in ("/opt/guest/mayfly/kernel.py", "/opt/guest/filter", "/etc/passwd", "/etc/ld.so.cache", "/usr/bin/env", "/opt/python/pyvenv.cfg", "/proc/self/exe"):
    for flags in (os.O_WRONLY, os.O_RDWR | os.O_TRUNC, os.O_WRONLY | os.O_APPEND):
        refused(path, os.open, path, flags)
    refused(f"chmod {path}", os.chmod, path, 0o777)
    refused(f"remove {path}", os.unlink, path)
