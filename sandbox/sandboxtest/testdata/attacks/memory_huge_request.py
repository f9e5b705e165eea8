# stone: the memory limit of the group, as an exception where one is possible
# expect: raised|out_of_memory
import numpy
numpy.ones(1 << 42)
