# stone: no new privileges, nosuid mounts
# expect: ok
import shutil, stat
quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for folder in ("/usr/bin", "/usr/sbin", "/usr/lib/dbus-1.0", "/usr/lib/openssh"):
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID) and os.access(path, os.X_OK):
            child = subprocess.Popen([path], **quiet)
            ids = set(status("Uid", child.pid).split())
            child.kill()
            child.wait()
            held(path, ids) if ids == {"1000"} else escape(path, ids)
shutil.copy("/bin/sh", "/w/sh")
os.chmod("/w/sh", 0o6755)
got = subprocess.run(["/w/sh", "-pc", "id -u; grep CapEff /proc/self/status"], capture_output=True, text=True).stdout.split()
held("our own", got) if got[0] == "1000" and int(got[-1], 16) == 0 else escape("our own", got)
