"""Programs that run inside the sandbox, beside a backend's code.

Each prints one JSON object as its last line. The builder itself never imports them.
"""
