/* demo_words.c — what the demo is made of: places (facts), and words that are put together by rule. */
#include "app/demo.h"
#include "base/i18n.h"

const struct demo_region demo_regions[DEMO_REGIONS] = {
	{ "R-N", "华北大区", "North region", "北京市" }, { "R-E", "华东大区", "East region", "杭州市" }, { "R-S", "华南大区", "South region", "深圳市" },
	{ "R-SW", "西南大区", "Southwest region", "成都市" }, { "R-NW", "西北大区", "Northwest region", "西安市" }, { "R-C", "华中大区", "Central region", "武汉市" },
	{ "R-NE", "东北大区", "Northeast region", "沈阳市" },
};

const char *const demo_provinces[] = {
	"11 北京市", "12 天津市", "13 河北省", "14 山西省", "15 内蒙古自治区", "21 辽宁省", "22 吉林省", "23 黑龙江省", "31 上海市", "32 江苏省", "33 浙江省", "34 安徽省",
	"35 福建省", "36 江西省", "37 山东省", "41 河南省", "42 湖北省", "43 湖南省", "44 广东省", "45 广西壮族自治区", "46 海南省", "50 重庆市", "51 四川省", "52 贵州省",
	"53 云南省", "54 西藏自治区", "61 陕西省", "62 甘肃省", "63 青海省", "64 宁夏回族自治区", "65 新疆维吾尔自治区", NULL,
};

const struct demo_city demo_cities[] = {
	{ "1101", "北京市", "Beijing", 0, 39904200, 116407400, true }, { "1201", "天津市", "Tianjin", 0, 39084200, 117200900, true },
	{ "1301", "石家庄市", "Shijiazhuang", 0, 38042800, 114514800, true }, { "1302", "唐山市", "Tangshan", 0, 39630900, 118180200, true },
	{ "1306", "保定市", "Baoding", 0, 38873900, 115464800, false }, { "1401", "太原市", "Taiyuan", 0, 37870600, 112548900, true },
	{ "1402", "大同市", "Datong", 0, 40076800, 113300100, false }, { "1501", "呼和浩特市", "Hohhot", 0, 40842400, 111749200, true },
	{ "1502", "包头市", "Baotou", 0, 40657400, 109840300, false }, { "3701", "济南市", "Jinan", 0, 36651200, 117120100, true },
	{ "3702", "青岛市", "Qingdao", 0, 36067100, 120382600, true }, { "3706", "烟台市", "Yantai", 0, 37463800, 121447900, false },
	{ "3101", "上海市", "Shanghai", 1, 31230400, 121473700, true }, { "3201", "南京市", "Nanjing", 1, 32060300, 118796900, true },
	{ "3202", "无锡市", "Wuxi", 1, 31491200, 120311900, true }, { "3205", "苏州市", "Suzhou", 1, 31299000, 120585300, true },
	{ "3206", "南通市", "Nantong", 1, 31980200, 120894300, false }, { "3301", "杭州市", "Hangzhou", 1, 30274100, 120155100, true },
	{ "3302", "宁波市", "Ningbo", 1, 29868300, 121544000, true }, { "3303", "温州市", "Wenzhou", 1, 27993800, 120699400, true },
	{ "3304", "嘉兴市", "Jiaxing", 1, 30746100, 120755500, false }, { "3306", "绍兴市", "Shaoxing", 1, 30029900, 120580000, false },
	{ "3307", "金华市", "Jinhua", 1, 29079200, 119647400, true }, { "3401", "合肥市", "Hefei", 1, 31820600, 117227200, true },
	{ "3501", "福州市", "Fuzhou", 1, 26074500, 119296500, true }, { "3502", "厦门市", "Xiamen", 1, 24479800, 118089400, true },
	{ "4401", "广州市", "Guangzhou", 2, 23129100, 113264400, true }, { "4403", "深圳市", "Shenzhen", 2, 22543100, 114057900, true },
	{ "4404", "珠海市", "Zhuhai", 2, 22270700, 113576700, false }, { "4406", "佛山市", "Foshan", 2, 23021800, 113121400, true },
	{ "4413", "惠州市", "Huizhou", 2, 23111500, 114416200, false }, { "4419", "东莞市", "Dongguan", 2, 23020700, 113751800, true },
	{ "4501", "南宁市", "Nanning", 2, 22817000, 108366500, true }, { "4503", "桂林市", "Guilin", 2, 25273600, 110290200, false },
	{ "4601", "海口市", "Haikou", 2, 20044000, 110199900, true }, { "5001", "重庆市", "Chongqing", 3, 29563000, 106551600, true },
	{ "5101", "成都市", "Chengdu", 3, 30572800, 104066800, true }, { "5107", "绵阳市", "Mianyang", 3, 31467500, 104679100, false },
	{ "5201", "贵阳市", "Guiyang", 3, 26647000, 106630200, true }, { "5301", "昆明市", "Kunming", 3, 24880100, 102832900, true },
	{ "5401", "拉萨市", "Lhasa", 3, 29652500, 91172100, false }, { "6101", "西安市", "Xi'an", 4, 34341600, 108939800, true },
	{ "6103", "宝鸡市", "Baoji", 4, 34361900, 107237500, false }, { "6201", "兰州市", "Lanzhou", 4, 36061100, 103834300, true },
	{ "6301", "西宁市", "Xining", 4, 36617100, 101778200, true }, { "6401", "银川市", "Yinchuan", 4, 38487200, 106230900, true },
	{ "6501", "乌鲁木齐市", "Urumqi", 4, 43825600, 87616800, true }, { "3601", "南昌市", "Nanchang", 5, 28682000, 115857900, true },
	{ "4101", "郑州市", "Zhengzhou", 5, 34746600, 113625400, true }, { "4103", "洛阳市", "Luoyang", 5, 34618100, 112454000, true },
	{ "4201", "武汉市", "Wuhan", 5, 30592800, 114305500, true }, { "4205", "宜昌市", "Yichang", 5, 30691900, 111286500, false },
	{ "4206", "襄阳市", "Xiangyang", 5, 32009000, 112122600, false }, { "4301", "长沙市", "Changsha", 5, 28228200, 112938800, true },
	{ "4302", "株洲市", "Zhuzhou", 5, 27827600, 113134000, false }, { "2101", "沈阳市", "Shenyang", 6, 41805700, 123431500, true },
	{ "2102", "大连市", "Dalian", 6, 38914000, 121614700, true }, { "2103", "鞍山市", "Anshan", 6, 41108600, 122994600, false },
	{ "2201", "长春市", "Changchun", 6, 43817100, 125323500, true }, { "2202", "吉林市", "Jilin", 6, 43837900, 126549600, false },
	{ "2301", "哈尔滨市", "Harbin", 6, 45803800, 126535000, true }, { "2306", "大庆市", "Daqing", 6, 46587700, 125103800, false },
};
const size_t demo_cities_n = LEN(demo_cities);

const struct demo_model demo_models[] = {
	{ "Lenovo", "ThinkPad", "ThinkPad T14", "notebook", "i5-1340P / 16 GB / 512 GB", 10 }, { "Lenovo", "ThinkPad", "ThinkPad X1 Carbon", "notebook", "i7-1365U / 32 GB / 1 TB", 6 },
	{ "Lenovo", "Legion", "Legion Y7000P", "notebook", "i7-13620H / 16 GB / RTX 4060", 6 }, { "Lenovo", "ThinkCentre", "ThinkCentre M750t", "desktop", "i5-13400 / 16 GB / 512 GB", 8 },
	{ "Lenovo", "ThinkStation", "ThinkStation P3", "workstation", "i9-13900 / 64 GB / RTX A2000", 2 }, { "Lenovo", "ThinkSystem", "ThinkSystem SR650", "server", "2×Xeon 4410Y / 128 GB", 2 },
	{ "Dell", "Latitude", "Latitude 5440", "notebook", "i5-1335U / 16 GB / 512 GB", 8 }, { "Dell", "XPS", "XPS 13 9340", "notebook", "Ultra 7 155H / 16 GB / 1 TB", 3 },
	{ "Dell", "OptiPlex", "OptiPlex 7010", "desktop", "i5-13500 / 16 GB / 512 GB", 8 }, { "Dell", "PowerEdge", "PowerEdge R750", "server", "2×Xeon 6326 / 256 GB", 2 },
	{ "Dell", "UltraSharp", "U2723QE", "monitor", "27\" 4K", 3 }, { "HP", "EliteBook", "EliteBook 840 G10", "notebook", "i7-1355U / 16 GB / 512 GB", 7 },
	{ "HP", "ProOne", "ProOne 440 G9", "all-in-one", "i5-13500T / 8 GB / 512 GB", 5 }, { "HP", "LaserJet", "LaserJet Pro M404dn", "printer", "A4, 38 ppm", 7 },
	{ "HP", "LaserJet", "LaserJet MFP M429", "printer", "A4, scan, copy", 5 }, { "Huawei", "MateBook", "MateBook D 14", "notebook", "i5-12450H / 16 GB / 512 GB", 7 },
	{ "Huawei", "MateStation", "MateStation S", "desktop", "R7-5700G / 16 GB / 512 GB", 4 }, { "Huawei", "MatePad", "MatePad 11.5", "tablet", "8 GB / 128 GB", 4 },
	{ "ASUS", "Zenbook", "Zenbook 14", "notebook", "R7-7730U / 16 GB / 1 TB", 4 }, { "ASUS", "TUF", "TUF Gaming A15", "notebook", "R7-7735H / 16 GB / RTX 4050", 4 },
	{ "Acer", "TravelMate", "TravelMate P2", "notebook", "i5-1235U / 8 GB / 512 GB", 3 }, { "Acer", "Veriton", "Veriton N4690", "desktop", "i5-12400 / 8 GB / 256 GB", 2 },
};
const size_t demo_models_n = LEN(demo_models);

#define PC "notebook desktop all-in-one workstation server tablet"
const struct demo_trouble demo_troubles[] = {
	{ "PWR-01", "power", "无法开机", "Does not power on", "按电源键没有任何反应，指示灯不亮。", "F-MB-01", "主板供电故障", "Mainboard power fault", "主板供电电路短路，19V 对地阻值异常。", "更换主板，整机老化测试 2 小时通过。", "quality", "part", 128000, PC },
	{ "PWR-02", "power", "自动关机", "Switches off by itself", "用十几分钟就自己关机，机身很烫。", "F-FAN-01", "散热不良", "Poor cooling", "风扇积尘卡滞，导热硅脂干涸，CPU 温度达 98℃。", "清洁风道，更换风扇与硅脂，满载 30 分钟温度 76℃。", "wear", "in_place", 18000, PC },
	{ "PWR-03", "power", "电池不充电", "Battery does not charge", "插上电源显示未充电，拔掉电源马上关机。", "F-BAT-01", "电池失效", "Battery worn out", "电池循环 812 次，实际容量 21%。", "更换电池并校准，充放电正常。", "consumable", "part", 46000, "notebook tablet" },
	{ "DSP-01", "display", "黑屏", "Black screen", "开机风扇转，屏幕一直是黑的。", "F-RAM-01", "内存故障", "Memory fault", "内存条金手指氧化，更换插槽后仍报错。", "更换 16 GB 内存，MemTest 通过。", "quality", "part", 42000, PC },
	{ "DSP-02", "display", "花屏、竖线", "Lines on the screen", "屏幕右边有三条竖线，晃动会变化。", "F-LCD-01", "液晶屏故障", "Panel fault", "屏排线正常，液晶屏驱动芯片脱焊。", "更换液晶屏，无亮点坏点。", "quality", "part", 89000, "notebook all-in-one tablet monitor" },
	{ "DSP-03", "display", "屏幕碎裂", "Broken screen", "不小心摔了一下，屏幕裂了。", "F-LCD-02", "液晶屏外力损坏", "Panel broken by force", "A 壳右角有撞击痕迹，屏幕外力破裂。", "客户同意付费，更换屏幕与 A 壳。", "drop", "paid", 112000, "notebook tablet monitor all-in-one" },
	{ "HDD-01", "storage", "系统无法启动", "System does not start", "开机提示 No bootable device。", "F-SSD-01", "固态硬盘故障", "SSD fault", "硬盘无法识别，SMART 报告坏块溢出。", "更换固态硬盘，重装系统与驱动。", "quality", "part", 52000, PC },
	{ "HDD-02", "storage", "硬盘异响", "Noise from the disk", "硬盘有咔咔声，文件打开很慢。", "F-HDD-01", "机械硬盘坏道", "Bad sectors", "硬盘 C5 计数 214,读取超时。", "客户已备份，更换硬盘。", "quality", "part", 48000, "desktop workstation server" },
	{ "SYS-01", "system", "蓝屏", "Blue screen", "每天蓝屏两三次，代码 0x133。", "F-SW-01", "驱动冲突", "Driver conflict", "存储驱动版本过旧，与更新冲突。", "更新驱动与 BIOS,连续运行 24 小时无蓝屏。", "quality", "software", 0, PC },
	{ "SYS-02", "system", "运行缓慢", "Runs slowly", "开机要五分钟，打开表格很卡。", "F-SW-02", "恶意软件", "Malware", "发现多款捆绑软件与挖矿程序。", "查杀病毒，清理启动项，安装补丁。", "virus", "software", 12000, PC },
	{ "KBD-01", "input", "键盘失灵", "Keyboard fails", "键盘上 A、S、D 三个键没反应。", "F-KBD-01", "键盘进液", "Liquid in the keyboard", "键盘下有咖啡渍，未到主板。", "更换键盘，清洁机身。", "liquid", "paid", 38000, "notebook" },
	{ "KBD-02", "input", "触摸板失灵", "Touchpad fails", "触摸板时好时坏，左键按不动。", "F-TP-01", "触摸板模组故障", "Touchpad fault", "电池鼓包顶起触摸板。", "更换电池与触摸板，外观平整。", "quality", "part", 36000, "notebook" },
	{ "NET-01", "network", "无线连不上", "No wireless", "搜不到无线信号，手机可以。", "F-WLAN-01", "无线网卡故障", "Wireless card fault", "无线网卡天线脱落。", "重新固定天线，信号满格。", "quality", "in_place", 0, "notebook tablet all-in-one" },
	{ "NET-02", "network", "有线网络断续", "Network drops", "上网一会儿断一会儿通。", "F-LAN-01", "网口故障", "Network port fault", "网口弹片变形，更换网线无效。", "更换网口小板，丢包率 0。", "wear", "part", 22000, "desktop workstation server" },
	{ "PRT-01", "printer", "卡纸", "Paper jam", "每打几张就卡纸，提示打开后盖。", "F-PRT-01", "搓纸轮磨损", "Worn pickup roller", "搓纸轮打滑，分离垫磨损。", "更换搓纸轮与分离垫，连续打印 100 张正常。", "consumable", "part", 26000, "printer" },
	{ "PRT-02", "printer", "打印有底灰", "Grey background", "打印出来整页发灰。", "F-PRT-02", "硒鼓老化", "Worn toner unit", "硒鼓寿命 3%,刮板漏粉。", "更换硒鼓，清洁转印辊。", "consumable", "paid", 42000, "printer" },
	{ "PRT-03", "printer", "网络打印失败", "Network printing fails", "电脑显示打印机脱机。", "F-SW-03", "配置错误", "Wrong settings", "打印机 IP 变化，端口未更新。", "设置固定 IP,重装端口。", "quality", "software", 0, "printer" },
	{ "SRV-01", "server", "阵列告警", "Array alarm", "服务器面板橙灯，阵列降级。", "F-SRV-01", "阵列硬盘故障", "Array disk fault", "3 号盘离线，热备未启用。", "更换 3 号盘，重建完成，启用热备。", "quality", "part", 0, "server" },
	{ "SRV-02", "server", "电源告警", "Power alarm", "一个电源灯变红，机器还在运行。", "F-SRV-02", "冗余电源故障", "Redundant supply fault", "电源 2 无输出。", "热插拔更换电源 2,告警消除。", "quality", "part", 0, "server" },
	{ "AUD-01", "sound", "没有声音", "No sound", "喇叭没声音，耳机有。", "F-SPK-01", "扬声器故障", "Speaker fault", "左右扬声器断路。", "更换扬声器组件。", "quality", "part", 16000, "notebook all-in-one tablet monitor" },
	{ "USB-01", "ports", "接口不识别", "Port not recognised", "右边两个 USB 口插什么都没反应。", "F-USB-01", "接口板故障", "Port board fault", "接口小板供电保险烧断。", "更换接口小板，负载测试正常。", "voltage", "part", 24000, PC },
	{ "NFF-01", "system", "偶尔死机", "Freezes now and then", "有时候画面停住不动，重启就好。", "F-NFF", "未发现故障", "No fault found", "连续测试 48 小时未复现。", "升级固件，建议观察，如再现请记录时间。", "unknown", "no_fault", 0, PC " printer monitor" },
};
const size_t demo_troubles_n = LEN(demo_troubles);

/* ---- names by rule ---- */

static const char *const surnames[] = {
	"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于",
	"董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟",
	"汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金", "陆", "郝", "孔", "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵", "孟",
	"欧阳", "上官", "司马", "诸葛",
};
static const char *const given[] = {
	"伟", "芳", "娜", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超", "霞", "平", "刚", "桂", "英", "华", "玉", "兰", "建", "国", "文", "辉", "力",
	"海", "波", "宁", "志", "义", "兴", "良", "山", "仁", "宁", "贵", "福", "生", "龙", "元", "全", "胜", "学", "祥", "才", "发", "武", "新", "利", "清", "飞", "彬", "富",
	"顺", "信", "子", "昌", "成", "康", "星", "光", "天", "达", "安", "岩", "中", "茂", "进", "林", "有", "坚", "和", "彪", "博", "诚", "先", "敬", "震", "振", "壮", "会",
	"思", "群", "豪", "心", "邦", "承", "乐", "绍", "功", "松", "善", "厚", "庆", "雪", "梅", "琳", "素", "云", "莲", "真", "环", "雅", "倩", "婷", "慧", "颖", "露", "瑶",
};
static const char *const streets[] = {
	"人民路", "解放路", "中山路", "建设路", "文化路", "和平路", "新华路", "胜利路", "长江路", "黄河路", "光明路", "科技路", "学府路", "滨河路", "迎宾路", "朝阳街", "友谊街", "工业大道",
};
static const char *const buildings[] = { "幸福家园", "阳光小区", "翠苑新村", "金色华府", "创业大厦", "科创中心", "商务广场", "锦绣花园", "世纪大厦", "丽景苑" };
static const char *const firms[] = { "恒信", "远航", "中晟", "华泽", "博雅", "嘉诚", "瑞丰", "天和", "启明", "凯达", "宏图", "益民", "鼎盛", "康源", "星海", "联创" };
static const char *const trades[] = {
	"科技有限公司", "贸易有限公司", "物流有限公司", "建筑设计院", "会计师事务所", "实验小学", "第二中学", "社区医院", "律师事务所", "制造有限公司", "银行支行", "设计有限公司",
};

uint32_t demo_next(struct demo_rand *r, uint32_t below)
{
	r->s = r->s * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((r->s >> 33) * below >> 31);
}

#define PICK(r, list) (list)[demo_next((r), (uint32_t)LEN(list))]

str demo_person(struct arena *a, struct demo_rand *r)
{
	const char *sur = PICK(r, surnames), *one = PICK(r, given), *two = demo_chance(r, 70) ? PICK(r, given) : "";

	return arena_fmt(a, "%s%s%s", sur, one, two);
}

str demo_mobile(struct arena *a, struct demo_rand *r) { return arena_fmt(a, "142%04u%04u", demo_next(r, 10000), demo_next(r, 10000)); }

str demo_street(struct arena *a, struct demo_rand *r, const struct demo_city *at)
{
	const char *street = PICK(r, streets), *house = PICK(r, buildings);
	uint32_t no = 1 + demo_next(r, 380), block = 1 + demo_next(r, 18), room = 100 * (1 + demo_next(r, 24)) + 1 + demo_next(r, 4);

	return arena_fmt(a, "%s%s%u号%s%u幢%u室", at->name, street, no, house, block, room);
}

str demo_company(struct arena *a, struct demo_rand *r, const struct demo_city *at)
{
	size_t n = strlen(at->name) - strlen("市");
	const char *firm = PICK(r, firms), *trade = PICK(r, trades);

	return arena_fmt(a, "%.*s%s%s", (int)n, at->name, firm, trade);
}
