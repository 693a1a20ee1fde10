// Copying, dialogs, menus, looks and language.
import { $$, each, on, say, store } from './dom.js'
import { toast } from './toast.js'

const looks = {
	theme: ['', 'light', 'dark'],
	density: ['', 'comfortable'],
	side: ['', 'rail'],
}

function next(key) {
	const values = looks[key], now = document.documentElement.dataset[key] ?? ''
	let value = values[(values.indexOf(now) + 1) % values.length]
	// The first click on the theme must be seen: away from what the system shows.
	if (key === 'theme') value = (now || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark'
	if (value) document.documentElement.dataset[key] = value
	else delete document.documentElement.dataset[key]
	if (value) store.set(key, value)
	else store.remove(key)
}

async function copy(button) {
	try {
		await navigator.clipboard.writeText(button.dataset.copy)
		toast(say('copied'))
	} catch {
		toast(say('failed'))
	}
}

function language(event, link) {
	event.preventDefault()
	document.cookie = `bx_lang=${link.dataset.lang}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`
	const url = new URL(location.href)
	url.searchParams.delete('lang')
	if (url.href === location.href) location.reload()
	else location.replace(url)
}

export function small() {
	each('button[data-copy]', button => { if (navigator.clipboard) button.hidden = false })
	on('click', '[data-copy]', (event, button) => copy(button))
	each('[data-open], [data-theme-next], [data-density-next], [data-side-next]', button => { button.hidden = false })
	on('click', '[data-open]', (event, button) => {
		button.closest('details.menu')?.removeAttribute('open')
		document.getElementById(button.dataset.open)?.showModal()
	})
	on('click', '[data-close]', (event, button) => button.closest('dialog')?.close())
	on('click', 'dialog', (event, dialog) => { if (event.target === dialog) dialog.close() })
	each('[data-all]', button => { button.hidden = false })
	on('click', '[data-all]', (event, button) => $$(`input[type=radio][value="${CSS.escape(button.dataset.all)}"]`, button.closest('.card')).forEach(box => { box.click() }))
	for (const key of Object.keys(looks)) on('click', `[data-${key}-next]`, () => next(key))
	on('click', 'a[data-lang]', language)
	document.addEventListener('click', event => $$('details.menu[open]').forEach(d => { if (!d.contains(event.target)) d.open = false }))
}
