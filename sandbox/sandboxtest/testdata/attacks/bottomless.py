# stone: stack and memory limits
# expect: killed|out_of_memory|raised|timed_out
sys.setrecursionlimit(10**8)
def down(n):
    return [down(n + 1) for _ in (1,)]
down(0)
