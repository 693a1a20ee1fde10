/* part_words.c — which part the law means, out of the words catalogues and diagnoses use. The word said last decides ("屏排线" is a cable), of those that end
 * together the longer one ("电源适配器" is no power supply). */
#include "slice/entitlement/policy.h"

static const struct { const char *word; enum part part; } words[] = {
	{ "主板", PART_MAINBOARD }, { "mainboard", PART_MAINBOARD }, { "motherboard", PART_MAINBOARD }, { "system board", PART_MAINBOARD },
	{ "处理器", PART_CPU }, { "cpu", PART_CPU }, { "processor", PART_CPU }, { "中央处理器", PART_CPU },
	{ "内存", PART_MEMORY }, { "内存条", PART_MEMORY }, { "memory", PART_MEMORY }, { "dimm", PART_MEMORY }, { "ram", PART_MEMORY },
	{ "屏", PART_DISPLAY }, { "屏幕", PART_DISPLAY }, { "液晶屏", PART_DISPLAY }, { "显示屏", PART_DISPLAY }, { "显示模组", PART_DISPLAY }, { "lcd", PART_DISPLAY },
	{ "panel", PART_DISPLAY }, { "display", PART_DISPLAY }, { "screen", PART_DISPLAY },
	{ "硬盘", PART_DISK }, { "固态硬盘", PART_DISK }, { "固态盘", PART_DISK }, { "ssd", PART_DISK }, { "hdd", PART_DISK }, { "hard disk", PART_DISK }, { "disk", PART_DISK },
	{ "bad sectors", PART_DISK },
	{ "键盘", PART_KEYBOARD }, { "keyboard", PART_KEYBOARD }, { "适配器", PART_ADAPTER }, { "充电器", PART_ADAPTER }, { "adapter", PART_ADAPTER }, { "charger", PART_ADAPTER },
	{ "电源", PART_PSU }, { "power supply", PART_PSU }, { "psu", PART_PSU }, { "redundant supply", PART_PSU }, { "显卡", PART_GRAPHICS }, { "graphics card", PART_GRAPHICS },
	{ "video card", PART_GRAPHICS }, { "gpu", PART_GRAPHICS }, { "电池", PART_BATTERY }, { "battery", PART_BATTERY }, { "风扇", PART_FAN }, { "散热", PART_FAN }, { "fan", PART_FAN },
	{ "cooling", PART_FAN }, { "机壳", PART_CASE }, { "外壳", PART_CASE }, { "面壳", PART_CASE }, { "housing", PART_CASE }, { "转轴", PART_HINGE }, { "铰链", PART_HINGE },
	{ "hinge", PART_HINGE }, { "触摸板", PART_TOUCHPAD }, { "触控板", PART_TOUCHPAD }, { "touchpad", PART_TOUCHPAD }, { "摄像头", PART_CAMERA }, { "camera", PART_CAMERA },
	{ "扬声器", PART_SPEAKER }, { "喇叭", PART_SPEAKER }, { "speaker", PART_SPEAKER }, { "网卡", PART_NETWORK }, { "网口", PART_NETWORK }, { "网口小板", PART_NETWORK },
	{ "wireless card", PART_NETWORK }, { "network card", PART_NETWORK }, { "network port", PART_NETWORK }, { "光驱", PART_OPTICAL }, { "optical drive", PART_OPTICAL },
	{ "排线", PART_CABLE }, { "数据线", PART_CABLE }, { "电源线", PART_CABLE }, { "cable", PART_CABLE }, { "显示器", PART_MONITOR }, { "monitor", PART_MONITOR },
	{ "鼠标", PART_MOUSE }, { "mouse", PART_MOUSE }, { "电脑包", PART_BAG }, { "硒鼓", PART_TONER }, { "墨盒", PART_TONER }, { "碳粉", PART_TONER }, { "toner", PART_TONER },
	{ "cartridge", PART_TONER }, { "灯泡", PART_LAMP }, { "lamp", PART_LAMP }, { "软件", PART_SOFTWARE }, { "驱动", PART_SOFTWARE }, { "系统", PART_SOFTWARE },
	{ "software", PART_SOFTWARE }, { "driver", PART_SOFTWARE }, { "malware", PART_SOFTWARE },
};

static bool letter(char b) { return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z'); }

static bool same(const char *s, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char b = s[i] >= 'A' && s[i] <= 'Z' ? (char)(s[i] + 32) : s[i];

		if (b != word[i])
			return false;
	}
	return true;
}

/* Behind the last place where the word stands by itself; 0: nowhere. Latin words end where letters do. */
static size_t last_end(str text, const char *word)
{
	size_t n = strlen(word);

	for (size_t at = text.n >= n ? text.n - n + 1 : 0; at-- > 0;) {
		bool whole = !letter(word[0]) || ((at == 0 || !letter(text.p[at - 1])) && (at + n == text.n || !letter(text.p[at + n])));

		if (whole && same(text.p + at, word, n))
			return at + n;
	}
	return 0;
}

enum part part_by_words(str text)
{
	size_t best = 0, length = 0;
	enum part part = PART_OTHER;

	for (size_t i = 0; i < LEN(words); i++) {
		size_t end = last_end(text, words[i].word), n = strlen(words[i].word);

		if (end > best || (end && end == best && n > length)) {
			best = end;
			length = n;
			part = words[i].part;
		}
	}
	return part;
}
