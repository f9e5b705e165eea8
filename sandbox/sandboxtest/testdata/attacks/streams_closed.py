# stone: closed streams are the run's own loss
# expect: ok|raised
held("begun")
sys.stdout.close()
sys.stderr.close()
os.close(1)
os.close(2)
print("nobody hears this")
