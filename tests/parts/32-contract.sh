# The published description by others' validators, and every operation of it asked well and badly.
exec python3 tests/http/contract.py
