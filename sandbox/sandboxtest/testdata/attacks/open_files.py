# stone: the number of open files
# expect: ok
files = []
try:
    while len(files) < 5000:
        files.append(os.open("/dev/null", os.O_RDONLY))
    escape("open files", len(files))
except OSError as trouble:
    held(f"{len(files)} open files", trouble)
# next cell
print(len(list_files()))
held("the channel still works")
