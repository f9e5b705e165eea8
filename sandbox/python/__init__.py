"""What user code may import from Mayfly: load_file, get_file_path, list_files.

The names are set when a kernel starts (files.py).
"""
