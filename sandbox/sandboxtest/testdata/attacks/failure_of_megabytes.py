# stone: the cut of a failure's text
# expect: raised
class Loud(Exception):
    def __str__(self):
        return "x\n" * 20_000_000
def deep(n):
    if n:
        return deep(n - 1)
    raise Loud
deep(900)
