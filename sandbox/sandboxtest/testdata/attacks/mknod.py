# stone: no capabilities, workspace without devices
# expect: ok
for name, kind, number in (("mem", 0o020666, os.makedev(1, 1)), ("kmsg", 0o020666, os.makedev(1, 11)), ("sda", 0o060666, os.makedev(8, 0)), ("vda", 0o060666, os.makedev(254, 0)), ("fuse", 0o020666, os.makedev(10, 229))):
    refused(name, os.mknod, name, kind, number)
