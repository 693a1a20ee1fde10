# What is exported goes into an empty database and comes out the same; a backup is restored and proves itself.
set -eu
BAOXIU=$BUILD/baoxiu passed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
one="--db sqlite:$dir/one.db --data $dir/one" two="--db sqlite:$dir/two.db --data $dir/two"
fail() { echo "export: $*"; echo "$passed passed, 1 failed"; exit 1; }
good() { passed=$((passed + 1)); }

"$BAOXIU" demo $one >/dev/null
# Columns a second house gives anew: its own numbers, times of entry and of settlement.
strip() {
	python3 - "$1" "$2" <<'PY'
import csv, sys
drop = {"customers": {"no", "created_at"}, "devices": {"created_at"}, "orders": {"no", "handed_over_at", "history"}}.get(sys.argv[1], set())
for row in csv.DictReader(open(sys.argv[2], encoding="utf-8-sig")):
    print({k: v for k, v in row.items() if k not in drop})
PY
}
for kind in divisions stations products codes customers people devices contracts parts stock orders; do
	"$BAOXIU" export $kind "$dir/$kind.csv" $one
	"$BAOXIU" import $kind "$dir/$kind.csv" $two >"$dir/log" || { cat "$dir/log" "$dir/$kind.csv.rejected.csv" 2>/dev/null | head -5 >&2; fail "$kind does not go in again"; }
	"$BAOXIU" export $kind "$dir/again.csv" $two
	strip $kind "$dir/$kind.csv" >"$dir/a"
	strip $kind "$dir/again.csv" >"$dir/b"
	diff "$dir/a" "$dir/b" >"$dir/diff" || { head -4 "$dir/diff" >&2; fail "$kind comes out otherwise"; }
done
"$BAOXIU" verify $two >/dev/null || fail "what was imported does not agree with itself"
good

# Open Repair Data: as it came in.
cat >"$dir/ords.csv" <<'CSV'
id,data_provider,country,partner_product_category,product_category,brand,year_of_manufacture,product_age,repair_status,repair_barrier_if_end_of_life,group_identifier,event_date,problem
x_1,Somebody,GBR,Computers ~ Laptop,Laptop,Acme,2015,6,Fixed,,g1,2021-03-04,"Does not start, ""beeps"""
x_2,Somebody,DEU,Computers ~ Desktop,Desktop computer,Unknown,,,End of life,Spare parts not available,g2,2021-03-05,=1+1
CSV
"$BAOXIU" import ords "$dir/ords.csv" --db "sqlite:$dir/three.db" --data "$dir/three" >/dev/null
"$BAOXIU" export ords --plain --db "sqlite:$dir/three.db" --data "$dir/three" >"$dir/ords2.csv"
python3 - "$dir/ords.csv" "$dir/ords2.csv" <<'PY' || fail "a record does not go out as it came in"
import csv, sys
a, b = (list(csv.reader(open(p, encoding="utf-8-sig"))) for p in sys.argv[1:])
sys.exit(a != b)
PY
good
"$BAOXIU" export ords --db "sqlite:$dir/three.db" --data "$dir/three" | grep -q "'=1+1" || fail "a formula is not neutralised"
good
for format in json xlsx; do
	"$BAOXIU" export orders "$dir/o.$format" --format $format $one
	test -s "$dir/o.$format" || fail "$format is empty"
	good
done
python3 -c 'import json, sys; assert len(json.load(open(sys.argv[1]))) > 1500' "$dir/o.json" || fail "the JSON is not whole"
good

# A tree in any order, codes written long or short; what is refused is told once, with its line.
cat >"$dir/divisions.csv" <<'CSV'
adcode,name,latitude,longitude
330106000000,西湖区,30.27,120.13
330100000000,杭州市,30.28,120.15
330000000000,浙江省,30.27,120.15
990101000000,某区,,
CSV
cat >"$dir/stations.csv" <<'CSV'
code,parent,kind,name,areas
HZ01,EAST,station,杭州站,330106
EAST,HQ,region,华东,
HQ,,hq,总部,
CSV
five="--db sqlite:$dir/tree.db --data $dir/tree"
! "$BAOXIU" import divisions "$dir/divisions.csv" $five >"$dir/log" || fail "a division without its province went in"
grep -q '3 new, 0 known already, 1 refused' "$dir/log" && grep -q '^5,parent: ' "$dir/divisions.csv.rejected.csv" || fail "divisions in any order: $(cat "$dir/log")"
good
"$BAOXIU" import stations "$dir/stations.csv" $five >"$dir/log" || fail "stations in any order: $(cat "$dir/log")"
good

# Backup and restore.
"$BAOXIU" backup "$dir/all.tar" $one >/dev/null
"$BAOXIU" restore "$dir/all.tar" --db "sqlite:$dir/four.db" --data "$dir/four" >/dev/null || fail "the backup is not restored"
good
"$BAOXIU" verify --db "sqlite:$dir/four.db" --data "$dir/four" >/dev/null || fail "what was restored does not agree with itself"
good
! "$BAOXIU" restore "$dir/all.tar" --db "sqlite:$dir/four.db" --data "$dir/four" 2>/dev/null || fail "a full database was overwritten"
good
size=$(stat -c %s "$dir/all.tar")
head -c $((size / 2)) "$dir/all.tar" >"$dir/half.tar"
! "$BAOXIU" restore "$dir/half.tar" --db "sqlite:$dir/five.db" --data "$dir/five" 2>/dev/null || fail "half a backup was restored"
good
test ! -e "$dir/five.db" || fail "half a backup left a database"
good
printf x | dd of="$dir/all.tar" bs=1 seek=$((size / 3)) conv=notrunc status=none
! "$BAOXIU" restore "$dir/all.tar" --db "sqlite:$dir/five.db" --data "$dir/five" 2>/dev/null || fail "a damaged backup was restored"
good
echo "$passed passed, 0 failed"
