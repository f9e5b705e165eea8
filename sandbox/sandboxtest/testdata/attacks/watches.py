# stone: the filter's rules for inotify and fanotify, whose counts are shared
# expect: ok
# bare: escape
no_syscall("inotify_init1", 0)
no_syscall("fanotify_init", 0, 0)
