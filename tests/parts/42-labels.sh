# What is printed can be scanned: the QR code on a label and on each paper is decoded from its picture and leads where it should.
set -eu
BAOXIU=$BUILD/baoxiu passed=0
dir=$(mktemp -d)
fail() { echo "labels: $*"; echo "$passed passed, 1 failed"; exit 1; }
for tool in pdftoppm zbarimg; do
	command -v $tool >/dev/null || { echo "labels: $tool is not installed: see tools/packages"; echo "0 passed, 1 failed"; exit 1; }
done
"$BAOXIU" demo --data "$dir/data" >/dev/null
token=$("$BAOXIU" token add admin --name labels --data "$dir/data" | sed -n 's/^token: *//p;/^bx/p' | head -1)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$BAOXIU" serve --data "$dir/data" --listen "127.0.0.1:$port" 2>"$dir/serve.log" & server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$dir"' EXIT
base=http://127.0.0.1:$port
for i in $(seq 100); do curl -sf "$base/healthz" >/dev/null && break; sleep 0.1; done
get() { curl -sf -H "Authorization: Bearer $token" "$base/api/v1$1"; }
first() { get "$1" | python3 -c "import json, sys; print(json.load(sys.stdin)['items'][0]['$2'])"; }
# address, text that must be in the code, width of the paper in mm
decodes() {
	get "$1" >"$dir/a.pdf" || fail "$1 is not printed"
	wide=$(pdfinfo "$dir/a.pdf" | awk '/Page size/ { printf "%d", $3 / 72 * 25.4 + 0.5 }')
	test "$wide" -eq "$3" || fail "$1 is $wide mm wide, not $3"
	pdftoppm -r 200 -png -f 1 -l 1 "$dir/a.pdf" "$dir/a"
	zbarimg -q --nodbus --raw "$dir"/a-*.png >"$dir/code" || fail "the code of $1 cannot be read"
	rm -f "$dir"/a-*.png
	grep -qF -- "$2" "$dir/code" || fail "the code of $1 says $(head -1 "$dir/code"), not $2"
	passed=$((passed + 1))
}
part=$(first /parts no)
old=$(first '/old-parts?state=due' no)
paper=$(first '/requisitions?all=1' no)
loan=$(first /loans no)
slip=$(first '/old-parts?state=back' slip)
decodes "/parts/$part/label" "$(get "/parts/$part" | python3 -c 'import json, sys; p = json.load(sys.stdin); print(p["barcode"] or p["no"])')" 60
decodes '/old-parts/labels?state=due' "$old" 60
decodes "/requisitions/$paper/papers/slip" "/requisitions/$paper" 210
decodes "/requisitions/$paper/papers/slip-80mm" "/requisitions/$paper" 80
decodes "/old-parts/papers/$slip" "/old-parts/papers/$slip" 210
decodes "/old-parts/papers/$slip-80mm" "/old-parts/papers/$slip" 80
bad=$(get '/old-parts?state=inspected' | python3 -c 'import json, sys; print(next(o["no"] for o in json.load(sys.stdin)["items"] if o["verdict"] == "bad"))')
off=$(curl -sf -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d "{\"event\": \"write_off\", \"no\": [\"$bad\"], \"reason\": \"x\"}" "$base/api/v1/old-parts/events" | python3 -c 'import json, sys; print(json.load(sys.stdin)["slip"])')
decodes "/old-parts/papers/$off" "/old-parts/papers/$off" 210
decodes "/old-parts/papers/$off-80mm" "/old-parts/papers/$off" 80
receipt=$(first /receipts no) order=$(first /receipts order_no) handin=$(first /handins no)
follow=/t/
decodes "/receipts/$receipt/paper" "$follow" 210
decodes "/receipts/$receipt/paper-80mm" "$follow" 80
decodes "/orders/$order/fees/settlement" "$follow" 210
decodes "/orders/$order/fees/settlement-80mm" "$follow" 80
quoted=$(first '/quotes?limit=1' order_no)
decodes "/orders/$quoted/fees/quote" "$follow" 210
over=$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT no FROM loan WHERE erased_at IS NOT NULL LIMIT 1").fetchone()[0])' "$dir/data/baoxiu.db")
decodes "/loans/$over/papers/erasure" "/loans/$over" 210
decodes "/handins/$handin/paper" "/handins/$handin" 210
decodes "/loans/$loan/papers/slip" "/loans/$loan" 210
decodes "/loans/$loan/papers/slip-80mm" "/loans/$loan" 80
echo "$passed passed, 0 failed"
