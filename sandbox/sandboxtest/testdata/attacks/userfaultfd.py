# stone: the filter's rules for userfaultfd and memfd_secret
# expect: ok
# bare: escape
no_syscall("userfaultfd", 1)
no_syscall("memfd_secret", 0)
