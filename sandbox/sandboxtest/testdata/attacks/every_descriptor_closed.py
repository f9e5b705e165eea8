# stone: a kernel without its channel is ended
# expect: killed
os.closerange(0, 65536)
