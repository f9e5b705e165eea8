# stone: locked securebits and the ids of the own user namespace
# expect: ok
header, full = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
refused("capset", lambda: (_ for _ in ()).throw(failed()) if libc.capset(header, full) else "all")
for option, value in ((28, 0), (8, 1), (47, 2)):  # SECUREBITS, KEEPCAPS, CAP_AMBIENT raise
    ctypes.set_errno(0)
    if libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(21), 0, 0) == 0 and status("CapEff") != "0" * 16:
        escape(f"prctl {option}")
    else:
        held(f"prctl {option}", errno.errorcode.get(ctypes.get_errno(), ""))
refused("setuid", os.setuid, 0)
refused("setgid", os.setgid, 0)
refused("setgroups", os.setgroups, [0])
for name in ("uid_map", "gid_map", "setgroups"):
    refused(name, lambda: open(f"/proc/self/{name}", "w").write("0 0 1"))
held("in the end") if status("CapEff") == "0" * 16 and os.getuid() == 1000 else escape("in the end")
