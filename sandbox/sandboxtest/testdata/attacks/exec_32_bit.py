# stone: the filter's check of the architecture, over an exec
# expect: ok
code = b"\x31\xc0\x40\xb3\x2a\xcd\x80"  # xor eax, eax; inc eax (exit); mov bl, 42; int 0x80
base = 0x08048000
program = struct.pack("<4sBBB9xHHIIIIIHHHHHH", b"\x7fELF", 1, 1, 1, 2, 3, 1, base + 84, 52, 0, 0, 52, 32, 1, 0, 0, 0)
program += struct.pack("<8I", 1, 0, base, base, 84 + len(code), 84 + len(code), 5, 4096) + code
with open("tiny", "wb") as f:
    f.write(program)
os.chmod("tiny", 0o755)
try:
    ended = subprocess.run(["/w/tiny"]).returncode
    held("ended by signal", ended) if ended < 0 else escape("it ran", ended)
except OSError as trouble:
    held("no such programs here", trouble)
