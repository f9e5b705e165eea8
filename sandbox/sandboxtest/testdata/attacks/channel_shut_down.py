# stone: a kernel without its channel is ended
# expect: killed
socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_RDWR)
time.sleep(60)
