/* The zygote's fork loop, its huge pages, and where its objects lie. In C because
 * a loop in Python touches pages that the children share, and the system copies
 * each of them after a fork (docs/adr/0022, 0026).
 *
 * From serve() on it speaks the control socket (PROTOCOL.md): one message is an
 * order, 8 bytes of id in big endian and JSON that only the child reads, with
 * three descriptors. No user code ever runs in this process. */
#define PY_SSIZE_T_CLEAN
#define _GNU_SOURCE
#include <Python.h>
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1; glibc 2.36 has no name for it */
#endif

#define ORDER_MAX 65536
#define ID_SIZE sizeof(uint64_t)
#define HUGE (2UL << 20)
#define ROOST (384UL << 20) /* the whole stack holds about 200 MB of small objects */
#define FDS 3

/* nest is what serve() works with. */
struct nest {
	int control, own_pids;
	struct sigaction before; /* SIGCHLD's, for the children */
	struct child { pid_t pid; uint64_t id; } *brood;
	size_t used, room;
};
/* knell is rung when a child ends. A signalfd would miss it: while another
 * thread lives, and polars has one, that thread may take the signal. */
static int knell = -1;

static void toll(int signal)
{
	int code = errno;
	eventfd_write(knell, 1), errno = code;
}

static int remember(struct nest *n, pid_t pid, uint64_t id)
{
	if (n->used == n->room) {
		size_t room = n->room ? 2 * n->room : 1024;
		struct child *brood = realloc(n->brood, room * sizeof *brood);
		if (!brood)
			return -1;
		n->brood = brood, n->room = room;
	}
	n->brood[n->used++] = (struct child){ pid, id };
	return 0;
}

/* forget takes a child out of the table; 0 when it is none of ours, such as one
 * that the warm-up left. */
static int forget(struct nest *n, pid_t pid, uint64_t *id)
{
	for (size_t i = 0; i < n->used; i++) {
		if (n->brood[i].pid != pid)
			continue;
		*id = n->brood[i].id;
		n->brood[i] = n->brood[--n->used];
		return 1;
	}
	return 0;
}

/* bury reports every child that has ended. */
static int bury(struct nest *n)
{
	char text[128];
	eventfd_t times;
	uint64_t id;
	int pid, status;

	if (eventfd_read(knell, &times) < 0) /* signals merge: how often says nothing */
		return -1;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (!forget(n, pid, &id))
			continue;
		int size = snprintf(text, sizeof text, "{\"t\":\"ended\",\"id\":%llu,\"status\":%d}",
				    (unsigned long long)id, status);
		if (send(n->control, text, size, MSG_NOSIGNAL) != size)
			return -1;
	}
	return 0;
}

static int refuse(const struct nest *n, uint64_t id, const char *what, int code)
{
	char text[256];
	int size = snprintf(text, sizeof text, "{\"t\":\"refused\",\"id\":%llu,\"error\":\"%s: %s\"}",
			    (unsigned long long)id, what, strerror(code));
	return send(n->control, text, size, MSG_NOSIGNAL) == size ? 0 : -1;
}

/* take reads one order: its size, 0 at the end of the socket, -1 on trouble. */
static ssize_t take(const struct nest *n, char *order, int fds[FDS])
{
	union {
		char space[CMSG_SPACE(FDS * sizeof(int))];
		struct cmsghdr align;
	} held;
	struct iovec iov = { order, ORDER_MAX };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = held.space, .msg_controllen = sizeof held.space };
	ssize_t size;

	while ((size = recvmsg(n->control, &msg, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
		;
	if (size <= 0)
		return size;
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	if (size <= (ssize_t)ID_SIZE || msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || !c ||
	    c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(FDS * sizeof(int))) {
		errno = EPROTO;
		return -1;
	}
	memcpy(fds, CMSG_DATA(c), FDS * sizeof(int));
	return size;
}

/* spawn forks process 1 of a new pid namespace: unshare is for the next child,
 * setns for those after it. _Fork leaves out what libraries do at a fork: three
 * allocators would lock all they have, and so copy 66 shared pages here and 100
 * there. No lock is held: this thread is in here, polars' only one waits for ever. */
static pid_t spawn(const struct nest *n, const char **what)
{
	*what = "unshare";
	if (unshare(CLONE_NEWPID) < 0)
		return -1;
	*what = "fork";
	pid_t pid = _Fork();
	if (pid == 0)
		return 0;
	int code = errno;
	if (setns(n->own_pids, CLONE_NEWPID) < 0)
		_exit(70); /* the next child would be born into a dead namespace */
	errno = code;
	return pid;
}

/* born makes a child an ordinary Python process again. */
static PyObject *born(struct nest *n, const char *order, ssize_t size, const int fds[FDS])
{
	PyOS_AfterFork_Child();
	if (sigaction(SIGCHLD, &n->before, NULL) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	close(knell);
	close(n->own_pids);
	free(n->brood);
	return Py_BuildValue("y#(iii)", order + ID_SIZE, size - (Py_ssize_t)ID_SIZE, fds[0], fds[1], fds[2]);
}

/* obey forks for one order. It returns what serve() is to return in a child;
 * NULL without an exception means that the loop goes on. */
static PyObject *obey(struct nest *n)
{
	static char order[ORDER_MAX];
	const char *what;
	uint64_t id;
	int fds[FDS];
	ssize_t size = take(n, order, fds);

	if (size == 0)
		Py_RETURN_NONE;
	if (size < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	memcpy(&id, order, ID_SIZE);
	id = be64toh(id);
	pid_t pid = spawn(n, &what);
	if (pid == 0)
		return born(n, order, size, fds);
	int code = errno;
	for (int i = 0; i < FDS; i++)
		close(fds[i]);
	if (pid > 0 && remember(n, pid, id) == 0)
		return NULL;
	if (pid > 0) /* no memory to know it by */
		kill(pid, SIGKILL), code = ENOMEM;
	if (refuse(n, id, what, code) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	return NULL;
}

static PyObject *loop(struct nest *n)
{
	struct pollfd polls[] = { { n->control, POLLIN, 0 }, { knell, POLLIN, 0 } };

	for (;;) {
		if (poll(polls, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return PyErr_SetFromErrno(PyExc_OSError);
		}
		if (polls[1].revents && bury(n) < 0)
			return PyErr_SetFromErrno(PyExc_OSError);
		if (!polls[0].revents)
			continue;
		PyObject *result = obey(n);
		if (result || PyErr_Occurred())
			return result;
	}
}

static PyObject *serve(PyObject *self, PyObject *args)
{
	struct nest n = { 0 };
	struct sigaction action = { .sa_handler = toll, .sa_flags = SA_RESTART | SA_NOCLDSTOP };

	if (!PyArg_ParseTuple(args, "ii", &n.control, &n.own_pids))
		return NULL;
	knell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (knell < 0 || sigaction(SIGCHLD, &action, &n.before) < 0)
		return PyErr_SetFromErrno(PyExc_OSError);
	/* Once for all forks: the zygote runs no Python again before it ends, so
	 * there is no AfterFork_Parent to pay for. */
	PyOS_BeforeFork();
	return loop(&n);
}

/* collapse gives each private writable area whole huge pages: a fork then copies
 * few page-table entries. It returns their bytes; 0 where MADV_COLLAPSE is not. */
static PyObject *collapse(PyObject *self, PyObject *unused)
{
	char line[512], rights[5];
	unsigned long from, to, total = 0;
	FILE *maps = fopen("/proc/self/maps", "re");

	if (!maps)
		return PyErr_SetFromErrno(PyExc_OSError);
	while (fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3 || strcmp(rights, "rw-p"))
			continue;
		for (from = (from + HUGE - 1) & ~(HUGE - 1); from + HUGE <= to; from += HUGE)
			if (madvise((void *)from, HUGE, MADV_COLLAPSE) == 0)
				total += HUGE;
	}
	fclose(maps);
	return PyLong_FromUnsignedLong(total);
}

/* Python's small objects live in arenas of 1 MB, which would lie between the
 * libraries, where few fit a huge page. Here they lie side by side, and what does
 * not fit any more is an area of its own. */
static char *roost, *perch;

static void *alight(void *unused, size_t size)
{
	if (size <= (size_t)(roost + ROOST - perch))
		return (perch += size) - size;
	void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return place == MAP_FAILED ? NULL : place;
}

static void depart(void *unused, void *place, size_t size)
{
	if (roost <= (char *)place && (char *)place < roost + ROOST)
		madvise(place, size, MADV_DONTNEED); /* the addresses stay taken */
	else
		munmap(place, size);
}

static void settle(void)
{
	PyObjectArenaAllocator arenas = { NULL, alight, depart };
	char *area = mmap(NULL, ROOST + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (area == MAP_FAILED)
		return;
	roost = perch = (char *)(((uintptr_t)area + HUGE - 1) & ~(HUGE - 1));
	PyObject_SetArenaAllocator(&arenas);
}

static PyMethodDef methods[] = {
	{ "serve", serve, METH_VARARGS, "serve(control, own_pids) -> (order, fds) in each child, None in the zygote at the end" },
	{ "collapse", collapse, METH_NOARGS, "collapse() -> bytes on huge pages" },
	{ NULL },
};

static struct PyModuleDef module = { PyModuleDef_HEAD_INIT, "nursery", NULL, -1, methods };

PyMODINIT_FUNC PyInit_nursery(void)
{
	settle();
	return PyModule_Create(&module);
}
