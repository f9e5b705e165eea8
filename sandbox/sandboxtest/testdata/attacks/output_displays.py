# stone: the limit of output, over displays
# expect: output_cap
from IPython.display import HTML
while True:
    display(HTML("x" * 1_000_000))
