# Telephone numbers and addresses where nobody needs them: every address that can be read, every rendering, every role.
exec python3 tests/http/masks.py
