# stone: resource limits are hard
# expect: ok
import resource
for name in ("CORE", "NOFILE", "NPROC", "MEMLOCK", "MSGQUEUE", "SIGPENDING", "RTPRIO", "NICE", "FSIZE", "STACK"):
    which = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(which)
    for bound in (hard + 1, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(which, (bound, bound))
            escape(name, resource.getrlimit(which))
        except (ValueError, OSError) as trouble:
            held(name, f"{hard} {trouble}")
refused("of another", resource.prlimit, BAIT["pid"], resource.RLIMIT_NOFILE, (1, 1))
