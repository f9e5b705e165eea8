# stone: frames are checked
# expect: killed
held("begun")
for _ in range(100):
    os.write(3, os.urandom(1000))
time.sleep(60)
