# stone: process limits: an interpreter that is broken is ended
# expect: killed
ctypes.memset(id(None), 0, 4096)
