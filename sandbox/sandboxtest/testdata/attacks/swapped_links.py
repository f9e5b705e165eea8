# stone: capture while the tree stands still, checked on the open descriptor
# expect: ok
code = f"""
import os
target = {BAIT['file']!r}
while True:
    try:
        with open('swap.csv.new', 'w') as f: f.write('innocent')
        os.rename('swap.csv.new', 'swap.csv')
        os.symlink(target, 'link')
        os.rename('link', 'swap.csv')
        os.makedirs('dir', exist_ok=True)
        open('dir/secret.txt', 'w').close()
        os.rename('dir', 'gone')
        os.symlink(os.path.dirname(target), 'dir')
        os.unlink('dir')
        os.unlink('gone/secret.txt')
        os.rmdir('gone')
    except OSError:
        pass
"""
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
time.sleep(0.3)
held("swapping goes on")
