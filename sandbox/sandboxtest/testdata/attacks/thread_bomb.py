# stone: the number of processes and threads of the group
# expect: ok
stop = threading.Event()
threads = []
try:
    while len(threads) < 2000:
        thread = threading.Thread(target=stop.wait, daemon=True)
        thread.start()
        threads.append(thread)
    escape("threads", len(threads))
except RuntimeError as trouble:
    held(f"{len(threads)} threads", trouble)
held("limit") if len(threads) < 64 else escape("limit", len(threads))
stop.set()
