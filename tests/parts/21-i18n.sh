# Every text in both languages.
# quick
exec python3 tools/i18n_check.py . "$BUILD"
