"""Price and stock workbooks go in by command and by page, with headings of their own, kept under a name; what came in is what stood there. See tests/parts/43-lists.sh."""

import csv
import io
import os
import sys
import zipfile
from xml.sax.saxutils import escape

sys.dont_write_bytecode = True
from bed import Bed, main_guard  # pylint: disable=wrong-import-position

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NAMES = "abcdefghijklmnopqrstuvwxyz".upper()

# A title above the headings, headings nobody has told us of, amounts as numbers, an empty line, a formula with its result, a wrong row.
PRICES = [
    ["某某电脑维修收费标准（2026 版）"],
    [],
    ["收费类别", "作业代码", "名称", "单价", "税率", "适用机型"],
    ["工时费", "L-900", "主板芯片级维修", 380, "6%", None],
    ["工时费", "L-901", "更换屏幕（不含配件）", ("150+30.5", 180.5), "6%", "ThinkPad T14"],
    ["检测费", "D-900", "检测费", 50, 6, None],
    ["上门费", "V-900", "市区上门", "八十", "6%", None],
]
OWN = [["费用类型", "作业号", "作业内容", "含税价格"], ["工时费", "L-902", "清灰换硅脂", 68.8]]
MAP = {"费用类型": "kind", "作业号": "code", "作业内容": "name", "含税价格": "price"}
STOCK = [
    ["存货编码", "存货名称", "规格型号", "仓库名称", "结存数量", "成本单价"],
    ["FAN-X1", "散热风扇 X1", "4 线", "总部呼叫中心", 12, 35.5],
    ["00123", "螺丝包", None, "总部呼叫中心", 100, 0.25],
    ["BAD-1", "坏行", None, "总部呼叫中心", 1.5, 1],
]


def cell(at, value, shared, texts):
    if value is None:
        return ""
    if isinstance(value, tuple):
        return f'<c r="{at}"><f>{value[0]}</f><v>{value[1]}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    if not shared:
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if value not in texts:
        texts.append(value)
    return f'<c r="{at}" t="s"><v>{texts.index(value)}</v></c>'


def workbook(path, rows, shared):
    """As Excel and LibreOffice write it (texts in a table of their own), or with the texts in the cells."""
    texts = []
    body = "".join(f'<row r="{y}">' + "".join(cell(f"{NAMES[x]}{y}", v, shared, texts) for x, v in enumerate(row)) + "</row>" for y, row in enumerate(rows, 1) if row)
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="收费标准" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>',
    }
    if shared:
        files["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{escape(t)}</t></si>" for t in texts) + "</sst>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


class Lists:
    def __init__(self, bed):
        self.bed, self.passed, self.failed = bed, 0, 0

    def check(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
        else:
            self.failed += 1
            print(f"lists: {what}: {found!r} is not {wanted!r}")

    def path(self, name, rows, shared=True):
        path = os.path.join(self.bed.dir, name)
        workbook(path, rows, shared)
        return path

    def told(self, *args, code=0):
        return self.bed.run(*args, code=code).stdout.split(";")[0].strip()

    def rows(self, kind):
        return list(csv.DictReader(io.StringIO(self.bed.run("export", kind).stdout.lstrip("\ufeff"))))

    def price(self, code):
        r = next((r for r in self.rows("prices") if r["code"] == code), {})
        return tuple(r.get(k) for k in ("kind", "name", "price", "tax", "model"))

    def command(self):
        for shared in (True, False):
            path = self.path(f"prices-{shared}.xlsx", PRICES, shared)
            self.check(f"prices, shared texts {shared}", self.told("import", "prices", path, code=1), f"prices: {3 if shared else 0} new, {0 if shared else 3} known already, 1 refused, 0 remarks")
            with open(path + ".rejected.csv", encoding="utf-8") as f:
                self.check("the wrong row", [r["line"] for r in csv.DictReader(f)], ["7"])
        self.check("a price", self.price("L-900"), ("labour", "主板芯片级维修", "380.00", "6.00", ""))
        self.check("a formula's result", self.price("L-901"), ("labour", "更换屏幕（不含配件）", "180.50", "6.00", "ThinkPad T14"))
        stock = self.path("stock.xlsx", STOCK)
        self.check("stock", self.told("import", "stock", stock, code=1), "stock: 2 new, 0 known already, 1 refused, 0 remarks")
        self.check("stock again", self.told("import", "stock", stock, code=1), "stock: 0 new, 2 known already, 1 refused, 0 remarks")
        kept = {r["part_no"]: (r["qty"], r["value"]) for r in self.rows("stock") if r["part_no"] in ("FAN-X1", "00123")}
        self.check("what lies there", kept, {"FAN-X1": ("12", "426.00"), "00123": ("100", "25.00")})

    def exported(self, kind, refused):
        """What our own exporter writes says nothing new to the house it came from."""
        out = os.path.join(self.bed.dir, f"own-{kind}.xlsx")
        self.bed.run("export", kind, out, "--format", "xlsx")
        told = self.bed.run("import", kind, out, code=None).stdout
        self.check(f"our own workbook of {kind}", told.split(",")[0], f"{kind}: 0 new")
        self.check(f"what our own workbook of {kind} says", int(told.split(" refused")[0].split()[-1]) <= refused, True)

    def act(self, who, at, event, more=()):
        ver = self.bed.ask("GET", "/api/v1" + at, who=who).json()["ver"]
        got = self.bed.browse(who, "POST", f"{at}/events", form=[("event", event), ("ver", ver), *more])
        self.check(f"{event} {at}", got.status, 303)
        return self.bed.ask("GET", "/api/v1" + at, who=who).json()

    def bring(self, who, kind, path):
        with open(path, "rb") as f:
            got = self.bed.browse(who, "POST", "/imports", form=[("kind", kind)], files=[("file", os.path.basename(path), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f.read())])
        self.check(f"{kind} brought", got.status, 303)
        return got.head("Location")

    def page(self):
        """Headings nobody knows: said on the page, kept by name, proposed for the next file, known to the command."""
        own = self.path("own.xlsx", OWN)
        self.bed.run("import", "prices", own, code=1)
        at = self.bring("finance", "prices", own)
        tried = self.act("finance", at, "try")
        self.check("not known by themselves", tried["added"], 0)
        said = [(f"columns.{i}.{k}", v) for i, (heading, column) in enumerate(MAP.items()) for k, v in (("heading", heading), ("column", column))]
        tried = self.act("finance", at, "try", [*said, ("name", "某某公司价目")])
        self.check("said on the page", (tried["added"], tried["refused"], tried["state"]), (1, 0, "tried"))
        self.check("tried is not taken in", self.price("L-902")[0], None)
        self.check("taken in", self.act("finance", at, "run")["state"], "done")
        self.check("what came in", self.price("L-902"), ("labour", "清灰换硅脂", "68.80", "6.00", ""))
        again = self.act("finance", self.bring("finance", "prices", self.path("next.xlsx", [*OWN, ["工时费", "L-903", "数据备份", 120]])), "try")
        self.check("proposed", (again["map_name"], again["added"], again["known"]), ("某某公司价目", 1, 1))
        self.check("by the command", self.told("import", "prices", self.path("third.xlsx", [OWN[0], ["检测费", "D-904", "深度检测", 99]]), "--map", "某某公司价目"), "prices: 1 new, 0 known already, 0 refused, 0 remarks")
        stock = self.act("storekeeper", self.bring("storekeeper", "stock", self.path("stock2.xlsx", [[*STOCK[0]], ["FAN-X2", "风扇 X2", None, "华东大区", 3, 9.9]])), "try")
        self.check("stock by the page", stock["added"] + stock["refused"], 1)


def main():
    with Bed(Bed.DEMO) as bed:
        t = Lists(bed)
        t.command()
        t.exported("prices", 0)
        t.exported("stock", 1)       # a part that came without an opening
        t.page()
        return t.passed, t.failed


if __name__ == "__main__":
    main_guard(main)
