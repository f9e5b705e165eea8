# stone: read-only runtime (the way over /proc/self/exe)
# expect: ok
exe = os.open("/proc/self/exe", os.O_RDONLY)
refused("through exe", os.open, "/proc/self/exe", os.O_WRONLY)
refused("through its descriptor", os.open, f"/proc/self/fd/{exe}", os.O_RDWR)
refused("through 1", os.open, "/proc/1/exe", os.O_WRONLY | os.O_TRUNC)
target = os.readlink("/proc/self/exe")
held("exe is", target) if target.startswith(("/usr/", "/opt/python/")) else escape("exe is", target)
