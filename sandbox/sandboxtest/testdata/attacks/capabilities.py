# stone: no capabilities, no new privileges, the filter, a uid of its own
# expect: ok
# bare: escape
for field, want in {"CapInh": 0, "CapPrm": 0, "CapEff": 0, "CapBnd": 0, "CapAmb": 0, "NoNewPrivs": 1, "Seccomp": 2}.items():
    got = int(status(field), 16)
    held(field) if got == want else escape(field, got)
for ids in (status("Uid"), status("Gid")):
    held("ids", ids) if set(ids.split()) == {"1000"} else escape("ids", ids)
held("groups", status("Groups"))
