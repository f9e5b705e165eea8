# stone: no core files
# expect: ok
import resource
held("limit") if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else escape("limit")
code = in_child(lambda: ctypes.string_at(0))
held("a child crashed", code)
cores = [name for folder in ("/w", "/tmp") for name in os.listdir(folder) if "core" in name]
held("no core") if not cores else escape("core", cores)
