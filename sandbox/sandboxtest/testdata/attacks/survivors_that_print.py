# stone: a run ends with its code, whoever holds its pipes
# expect: ok
if os.fork() == 0:
    os.setsid()
    while True:
        os.write(1, b".")
        time.sleep(0.01)
held("it goes on printing")
# next cell
held("the next run is not disturbed")
