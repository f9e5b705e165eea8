# stone: own workspace: no other kernel's folder has a path
# expect: ok
found = []
for top in ("/", "/proc/1/root", "/proc/self/cwd/..", "/dev/fd/4", "/proc/self/fd/4/.."):
    for folder, folders, files in os.walk(top):
        if folder.startswith(("/usr", "/opt/python", "/proc/1/root/usr", "/proc/1/root/opt", "/proc/1/root/proc")) or folder.count("/") > 8:
            folders.clear()
            continue
        for name in files:
            if name == "neighbour.txt" or name == "secret.txt":
                found.append(os.path.join(folder, name))
held("the neighbour's files") if not found else escape("the neighbour's files", found)
for path in found:
    print(open(path).read())
