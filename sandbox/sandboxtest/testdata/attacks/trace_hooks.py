# stone: hooks that user code leaves in the interpreter spoil its own run
# expect: timed_out|killed|raised|ok
held("begun")
def forever(*args):
    while True:
        pass
sys.settrace(forever)
sys.setprofile(forever)
