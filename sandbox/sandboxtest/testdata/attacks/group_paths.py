# stone: own cgroup namespace: no path of the server's, no number of kernels
# expect: ok
import glob
for path in ["/proc/self/cgroup", "/proc/1/cgroup", *glob.glob("/proc/self/task/*/cgroup")]:
    text = open(path).read()
    names = {line.split(":", 2)[2] for line in text.splitlines()}
    held(path) if names == {"/"} else escape(path, text)
child = os.fork()
if child == 0:
    os.setsid()
    text = open("/proc/self/cgroup").read()
    os._exit(any(not line.endswith(":/") for line in text.splitlines()))
held("a child's") if os.waitpid(child, 0)[1] == 0 else escape("a child's")
