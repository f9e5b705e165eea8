# stone: the wall limit
# expect: timed_out
while True:
    pass
