# stone: the filter's rules for file handles (the way out of old containers)
# expect: ok
# bare: escape
handle = ctypes.create_string_buffer(struct.pack("Ii", 64, 0), 80)
mount_id = ctypes.c_int()
no_syscall("name_to_handle_at", -100, b"/usr", handle, ctypes.byref(mount_id), 0)
root = ctypes.create_string_buffer(struct.pack("IiIII", 8, 1, 2, 0, 0), 80)
no_syscall("open_by_handle_at", os.open("/usr", os.O_RDONLY), root, 0)
