# stone: hooks of the run's own end with it
# expect: ok|killed
import atexit, gc, weakref
held("begun")
atexit.register(lambda: os.system("sleep 60"))
class Undead:
    def __del__(self):
        global again
        again = Undead()
        while True:
            pass
weakref.finalize(Undead, lambda: time.sleep(60))
gc.set_threshold(1)
sys.setrecursionlimit(2**31 - 1)
sys.settrace(lambda *a: None)
threading.setprofile(lambda *a: None)
