# stone: the number of processes of the group
# expect: timed_out|out_of_memory|killed
import resource
while True:
    try:
        os.fork()
    except OSError:
        pass
