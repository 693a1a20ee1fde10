# Who may include whom, and what may stand where.
# quick
exec python3 tools/floors.py .
