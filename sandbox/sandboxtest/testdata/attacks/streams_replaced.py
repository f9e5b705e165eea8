# stone: whatever is put for sys.stdout, the run ends
# expect: ok|raised
held("begun")
class Bad:
    def write(self, text): raise RuntimeError("no")
    def flush(self): raise RuntimeError("no")
    def __getattr__(self, name): raise RuntimeError("no")
sys.stdout = sys.stderr = sys.stdin = sys.__stdout__ = sys.__stderr__ = Bad()
print(1)
