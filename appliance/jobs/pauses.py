"""How long the pool waits for what, in seconds."""

ACK = 0.1  # finished jobs gather, then they are deleted together
DISK = 2.0  # then what the disk did not give or take is tried again
MARK = 0.1  # a job runs so long, then it is written down that it does
OVERRUN = 0.25  # beyond its deadline: a worker may notice by itself
LONGEST_NAP = 30.0  # nobody tells when the clock is set
