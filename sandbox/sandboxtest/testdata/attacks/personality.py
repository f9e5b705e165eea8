# stone: the filter's rule for personality
# expect: ok
# bare: escape
for name, flags in {"READ_IMPLIES_EXEC": 0x0400000, "ADDR_NO_RANDOMIZE": 0x0040000, "ADDR_COMPAT_LAYOUT": 0x0200000}.items():
    no_syscall("personality", flags, what=name)
held("ask", syscall("personality", 0xFFFFFFFF))
