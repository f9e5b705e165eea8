# stone: the limit of output, the wall limit
# expect: timed_out|output_cap
while True:
    display(1)
