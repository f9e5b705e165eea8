# stone: a kernel without its channel is ended
# expect: killed
os.close(3)
