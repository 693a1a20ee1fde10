// Hits under the one search field: arrows choose, Enter opens the first or the chosen one, Escape closes.
import { $, $$, on } from './dom.js'

export function search() {
	const field = $('#search'), hits = $('#search-hits')
	if (!field || !hits) return
	let chosen = -1, asked = ''

	const links = () => $$('a[href]', hits)
	const clear = () => { hits.replaceChildren(); chosen = -1 }
	const choose = at => {
		const all = links()
		all.forEach(a => a.removeAttribute('aria-selected'))
		chosen = all.length ? (at + all.length) % all.length : -1
		if (chosen < 0) return
		all[chosen].setAttribute('aria-selected', 'true')
		all[chosen].scrollIntoView({ block: 'nearest' })
	}
	hits.addEventListener('htmx:afterSwap', () => { asked = field.value; chosen = -1 })
	hits.addEventListener('htmx:beforeSwap', event => { if (!field.value.trim()) { event.detail.shouldSwap = false; clear() } })
	field.addEventListener('input', () => { if (!field.value.trim()) clear() })
	field.addEventListener('keydown', event => {
		if (event.isComposing) return
		if (event.key === 'ArrowDown') choose(chosen + 1)
		else if (event.key === 'ArrowUp') choose(chosen < 0 ? -1 : chosen - 1)
		else if (event.key === 'Escape') clear()
		else if (event.key === 'Enter' && (chosen >= 0 || asked === field.value) && links().length) links()[Math.max(chosen, 0)].click()
		else return
		event.preventDefault()
	})
	document.addEventListener('click', event => { if (!event.target.closest('.search')) clear() })
	on('focusout', '.search', event => { if (event.relatedTarget && !event.relatedTarget.closest('.search')) clear() })
}
