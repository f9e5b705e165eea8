# stone: nothing of the host's homes or checkouts shows in the mount table
# expect: ok
# bare: escape
text = open("/proc/self/mountinfo").read()
bad = [line for line in text.splitlines() if any(word in line for word in ("/root", "/home/", "/work", "postgres", "mayfly-bait"))]
held("mountinfo", f"{text.count(chr(10))} mounts") if not bad else escape("mountinfo", bad)
writable = [line.split()[4] for line in text.splitlines() if "rw" in line.split()[5].split(",")]
held("writable", writable) if set(writable) <= {"/w", "/tmp", "/dev/shm"} else escape("writable", writable)
loose = [line for line in text.splitlines() if "nosuid" not in line.split()[5]]
held("nosuid everywhere") if not loose else escape("set-uid is possible", loose)
