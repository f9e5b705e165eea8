# stone: the launcher's empty environment
# expect: ok
# bare: escape
for pid in ("1", "self", "thread-self"):
    for name in ("environ", "cmdline"):
        try:
            text = open(f"/proc/{pid}/{name}", "rb").read()
        except OSError as trouble:
            held(f"{pid}/{name}", trouble)
            continue
        if b"MAYFLY_BAIT" in text or b"MAYFLY_" in text or b"/root" in text or b"GOPATH" in text:
            print("LEAK", pid, name, text)
        else:
            held(f"{pid}/{name}", f"{len(text)} bytes")
