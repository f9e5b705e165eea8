# stone: capture below the workspace's descriptor, no links
# expect: ok
os.symlink(BAIT["file"], "report.csv")
os.symlink(BAIT["dir"], "folder")
os.symlink("../../../../../../.." + BAIT["file"], "up.csv")
os.symlink("/proc/self/cwd/../.." + BAIT["file"], "magic.csv")
os.symlink(f"/proc/{BAIT['pid']}/environ", "environ.txt")
os.symlink("/etc/shadow", "shadow.txt")
os.symlink("loop", "loop")
os.mkfifo("fifo.txt")
refused("hard link", os.link, "/opt/guest/filter", "filter")
for number in range(1, 8):
    os.symlink(f"/proc/self/fd/{number}", f"fd{number}")
held("links laid")
