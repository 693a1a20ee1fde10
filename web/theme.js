// Runs before the page is painted, so a chosen theme does not flash.
for (const key of ['theme', 'density', 'side']) {
	let value = null
	try { value = localStorage.getItem(key) } catch { /* storage is off: the system's choice holds */ }
	if (value) document.documentElement.dataset[key] = value
}
