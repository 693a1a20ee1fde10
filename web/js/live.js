// News from the server: one stream a topic; what shows the topic is fetched anew. Quiet while the page is hidden.
import htmx from 'htmx.org'
import { $$, typing } from './dom.js'

export function live() {
	const streams = new Map(), late = new Map()

	const refresh = topic => {
		for (const el of $$(`[data-live="${CSS.escape(topic)}"]`)) {
			// Somebody is typing in there: after they leave it.
			if (el.contains(document.activeElement) && typing(document.activeElement)) {
				if (!late.has(el)) {
					late.set(el, true)
					document.activeElement.addEventListener('blur', () => { late.delete(el); refresh(topic) }, { once: true })
				}
				continue
			}
			if (el.id) htmx.ajax('GET', el.dataset.liveHref || location.pathname + location.search, { target: `#${el.id}`, select: `#${el.id}`, swap: 'outerHTML' })
		}
	}
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
