# stone: no new privileges and an empty bounding set, over an exec
# expect: ok
# bare: escape
text = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True, check=True).stdout
facts = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
for field in ("CapPrm", "CapEff", "CapBnd"):
    held(field) if int(facts[field], 16) == 0 else escape(field, facts[field])
held("filter") if facts["Seccomp"].strip() == "2" else escape("filter", facts["Seccomp"])
