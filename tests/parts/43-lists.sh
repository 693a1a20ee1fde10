# Price and stock lists as people have them: workbooks with Chinese headings, by command and by page, headings kept by name.
exec python3 "$(dirname "$0")/../http/lists.py"
