# stone: no capabilities: no real time, no better place in the queue
# expect: ok
refused("nice", os.nice, -5)
refused("setpriority", os.setpriority, os.PRIO_PROCESS, 0, -20)
for policy in (os.SCHED_FIFO, os.SCHED_RR):
    refused(f"scheduler {policy}", os.sched_setscheduler, 0, policy, os.sched_param(50))
no_syscall("ioprio_set", 1, 0, (1 << 13) | 0)
deadline = ctypes.create_string_buffer(struct.pack("IIQiIQQQ", 48, 6, 0, 0, 0, 10**7, 10**8, 10**8), 48)
no_syscall("sched_setattr", 0, deadline, 0)
