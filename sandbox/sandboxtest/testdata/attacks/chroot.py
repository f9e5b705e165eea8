# stone: the filter's rule for chroot, no capabilities
# expect: ok
os.makedirs("jail", exist_ok=True)
refused("chroot", os.chroot, "jail")
fd = os.open("/", os.O_RDONLY)
refused("chroot out of it", os.chroot, ".")
os.fchdir(fd)
for _ in range(40):
    os.chdir("..")
held("up") if os.path.exists("opt/guest") and not os.path.exists(BAIT["dir"].lstrip("/")) else escape("up", os.listdir())
os.chdir("/w")
