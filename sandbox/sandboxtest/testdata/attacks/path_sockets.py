# stone: own mount namespace: no socket file of the host exists
# expect: ok
# bare: escape
def call(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        return s.recv(100)
for path in (BAIT["door"], "/var/run/postgresql/.s.PGSQL.5432", "/run/postgresql/.s.PGSQL.5432", "/tmp/.s.PGSQL.5432",
             "/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/notify", "/dev/log"):
    refused(path, call, path)
