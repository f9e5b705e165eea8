# stone: the limit of output, over a line of 100 MB
# expect: output_cap
print("x" * 100_000_000)
