# stone: text is checked before it leaves
# expect: ok
print("\udc80\ud800 out")
print("\udc80 err", file=sys.stderr)
display("\udc80")
display({"text/html": "\udc80", "text/\udc80": "x"}, raw=True)
with open(b"\xff\xfe\x80.txt", "w") as f:
    f.write("x")
try:
    load_file("\udc80")
except Exception as trouble:
    held("load_file", type(trouble).__name__)
try:
    input("\udc80")
except EOFError:
    held("input")
held("surrogates")
