# stone: the filter's rule for socket, own network namespace
# expect: ok
# bare: escape
for family in ("AF_INET", "AF_INET6"):
    for kind in ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"):
        refused(f"{family} {kind}", socket.socket, getattr(socket, family), getattr(socket, kind))
refused("the host's loopback", socket.create_connection, ("127.0.0.1", BAIT["port"]), 2)
refused("cloud metadata", socket.create_connection, ("169.254.169.254", 80), 1)
