# stone: a file of one's own runs only behind the wall
# expect: ok
import pickle
class Evil:
    def __reduce__(self):
        return (os.system, (f"cat {BAIT['file']}",))
with open("evil.pickle", "wb") as f:
    pickle.dump(Evil(), f)
pickle.load(open("evil.pickle", "rb"))
held("it ran here")
