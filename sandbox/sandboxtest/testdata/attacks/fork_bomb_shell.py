# stone: the number of processes of the group
# expect: ok|timed_out|killed|out_of_memory
held("begun")
subprocess.run(["sh", "-c", "f() { f | f & }; f"], stderr=subprocess.DEVNULL)
