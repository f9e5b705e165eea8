# stone: the limit of output
# expect: output_cap
while True:
    os.write(1, b"x" * 65536)
