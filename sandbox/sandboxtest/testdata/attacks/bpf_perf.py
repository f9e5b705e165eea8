# stone: the filter's rules for bpf and perf
# expect: ok
# bare: escape
attr = ctypes.create_string_buffer(128)
struct.pack_into("IIII", attr, 0, 2, 4, 4, 1)
no_syscall("bpf", 0, attr, 128)
struct.pack_into("IIQ", attr, 0, 1, 120, 0)
no_syscall("perf_event_open", attr, 0, -1, -1, 0)
