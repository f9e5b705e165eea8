# stone: the operating system's limit of arguments, the memory limit
# expect: ok
for what, args, env in (("one of 64 MB", ["x" * (64 << 20)], {}), ("many", ["x" * 100_000] * 500, {}), ("environment", [], {f"v{n}": "x" * 100_000 for n in range(200)})):
    refused(what, subprocess.run, ["true", *args], -1, None, None, None, None, None, True, False, None, env)
