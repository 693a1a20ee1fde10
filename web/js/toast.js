// Short words that pass by, and the strip that says the connection is gone.
import { $, make, say } from './dom.js'

export function toast(text, action) {
	let host = $('.toasts')
	if (!host) {
		host = make('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' })
		document.body.append(host)
	}
	const el = make('div', { class: 'toast' }, make('span', {}, text))
	const gone = () => el.remove()
	if (action) {
		const button = make('button', { type: 'button' }, action.label)
		button.addEventListener('click', () => { action.run(); gone() })
		el.append(button)
	}
	host.append(el)
	setTimeout(gone, action ? 10000 : 4000)
}

export function offline() {
	let strip = null
	const show = () => {
		strip?.remove()
		strip = navigator.onLine ? null : make('div', { class: 'offline', role: 'alert' }, say('offline'))
		if (strip) document.body.prepend(strip)
	}
	addEventListener('online', show)
	addEventListener('offline', show)
	show()
}
