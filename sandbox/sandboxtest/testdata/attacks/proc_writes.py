# stone: own /proc, read-only and of processes alone
# expect: ok
# bare: escape
for pid in ("self", "1", "thread-self"):
    for name, value in {"oom_score_adj": "-1000", "oom_adj": "-17", "clear_refs": "1", "loginuid": "0", "comm": "evil", "coredump_filter": "7f",
                        "mem": "x", "timerslack_ns": "1", "sched": "0", "autogroup": "-20", "make-it-fail": "1", "attr/current": "x", "projid_map": "0 0 1"}.items():
        def write():
            with open(f"/proc/{pid}/{name}", "w") as f:
                f.write(value)
        refused(f"{pid}/{name}", write)
for name in ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger", "/proc/sys/kernel/hostname"):
    refused(name, open, name, "w")
score = int(open("/proc/self/oom_score_adj").read())
held("oom_score_adj", score) if score > 0 else escape("oom_score_adj", score)
others = [name for name in os.listdir("/proc") if not name.isdigit() and name not in ("self", "thread-self")]
held("/proc") if not others else escape("/proc", others)
