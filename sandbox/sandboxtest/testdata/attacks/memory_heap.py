# stone: the memory limit of the group
# expect: out_of_memory
print("before the end")
hog = []
while True:
    hog.append(bytearray(b"x" * (16 << 20)))
