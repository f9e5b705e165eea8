# stone: the host's end of the channel is another user's process
# expect: ok
channel = socket.socket(fileno=os.dup(3))
pid, uid, gid = struct.unpack("3i", channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
held("peer", (pid, uid, gid)) if pid == 0 else escape("peer", pid)
try:
    peer = channel.getsockopt(socket.SOL_SOCKET, 77)  # SO_PEERPIDFD
except OSError as trouble:
    held("no handle on the peer", trouble)
else:
    for number in (0, signal.SIGTERM, signal.SIGKILL):
        refused(f"signal {number}", signal.pidfd_send_signal, peer, number)
    no_syscall("setns", peer, 0x20000)
    no_syscall("pidfd_getfd", peer, 0, 0)
    refused("its processes", os.listdir, f"/proc/self/fd/{peer}/")
