// News from the server: one stream a topic; what shows the topic is fetched anew. Quiet while the page is hidden.
import htmx from 'htmx.org'
import { $, $$, typing } from './dom.js'

/* The same place after as before: scrolled as far, the same link in focus, the same row chosen. Open menus and dialogs wait. */
async function renew(el) {
	const { id, scrollLeft } = el, focus = el.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null
	const row = $('.current a[href]', el)?.getAttribute('href')
	await htmx.ajax('GET', el.dataset.liveHref || location.pathname + location.search, { target: `#${id}`, select: `#${id}`, swap: 'outerHTML' })
	const fresh = document.getElementById(id), link = href => href && $(`a[href="${CSS.escape(href)}"]`, fresh)
	if (!fresh) return
	fresh.scrollLeft = scrollLeft
	link(row)?.closest('tr, li, article')?.classList.add('current')
	link(focus)?.focus({ preventScroll: true })
}

/* Something is entered here that the server does not know yet. */
function entered(field) {
	if (field.closest('dialog:not([open])')) return false
	if (field.dataset.sign) return document.getElementById(field.dataset.sign).value !== ''
	if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked
	if (field.localName === 'select') return field.selectedIndex !== Math.max([...field.options].findIndex(o => o.defaultSelected), 0)
	return field.value !== field.defaultValue
}

const busy = el => typing(document.activeElement) && el.contains(document.activeElement) || $('details.menu[open], dialog[open], .dragged', el)
	|| $$('input, textarea, select, canvas[data-sign]', el).some(entered)

export function live() {
	const streams = new Map(), late = new Map()

	const bring = el => {
		if (!el.id || !el.isConnected) return
		// Somebody is typing or choosing in there: after they leave it.
		if (!busy(el)) renew(el)
		else if (!late.has(el)) late.set(el, setTimeout(() => { late.delete(el); bring(el) }, 2000))
	}
	const refresh = topic => $$(`[data-live="${CSS.escape(topic)}"]`).forEach(bring)
	const listen = () => {
		const wanted = new Set(document.hidden ? [] : $$('[data-live]').map(el => el.dataset.live))
		for (const [topic, stream] of streams) if (!wanted.has(topic)) { stream.close(); streams.delete(topic) }
		for (const topic of wanted) {
			if (streams.has(topic)) continue
			const stream = new EventSource(`/live/${encodeURIComponent(topic)}`)
			let timer = 0
			// Several changes at once are one refresh.
			stream.onmessage = () => { clearTimeout(timer); timer = setTimeout(() => refresh(topic), 150) }
			streams.set(topic, stream)
		}
	}
	let away = 0
	document.addEventListener('visibilitychange', () => {
		if (document.hidden) away = Date.now()
		else if (away && Date.now() - away > 5000) for (const topic of new Set($$('[data-live]').map(el => el.dataset.live))) refresh(topic)
		listen()
	})
	document.addEventListener('htmx:afterSettle', listen)
	addEventListener('pagehide', () => { for (const stream of streams.values()) stream.close(); streams.clear() })
	addEventListener('pageshow', listen)
	listen()
}
