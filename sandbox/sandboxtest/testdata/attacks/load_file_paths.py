# stone: the shelf is asked, no path is opened
# expect: ok
for ref in (BAIT["file"], "../../.." + BAIT["file"], "/etc/shadow", "file:///etc/passwd", "123_1_x\0/../../etc/passwd", "%2e%2e%2fetc", "' or 1=1 --", "*", "", "." * 5000):
    for call in (load_file, get_file_path):
        try:
            escape(repr(ref)[:40], call(ref))
        except (OSError, ValueError) as trouble:
            held(repr(ref)[:40], str(trouble)[:60])
