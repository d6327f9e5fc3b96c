"""Runs commands on the cluster through pymesos.subprocess, as if they were local. MESOS_MASTER says where."""

import os

write = os.write


def write_text_too(fd, data):
    """pymesos.subprocess 0.3.15 wakes its own thread by writing a str, which Python 3 refuses on any cluster."""
    return write(fd, data.encode() if isinstance(data, str) else data)


os.write = write_text_too

from pymesos.subprocess import PIPE, Popen, call, check_output  # noqa: E402

print(check_output(['echo', 'hello'], cpus=0.1, mem=32), flush=True)
print('exit %d' % call(['sh', '-c', 'exit 3'], cpus=0.1, mem=32), flush=True)
several = [Popen(['echo', str(i)], stdout=PIPE, cpus=0.1, mem=32) for i in (3, 4, 5)]
total = sum(int(process.communicate()[0]) for process in several)
print(('%d\n' % total).encode(), flush=True)
