// Small words the other modules share.
export const $ = (selector, from = document) => from.querySelector(selector)
export const $$ = (selector, from = document) => [...from.querySelectorAll(selector)]

/* Calls make(element) for every element now on the page and every one htmx brings later. */
export function each(selector, make) {
	const seen = new WeakSet()
	const look = root => {
		for (const el of [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)]) {
			if (seen.has(el)) continue
			seen.add(el)
			make(el)
		}
	}
	look(document)
	document.addEventListener('htmx:load', event => look(event.detail.elt))
}

/* Listens on the document for elements that may come and go. */
export function on(type, selector, act, options) {
	document.addEventListener(type, event => {
		const el = event.target instanceof Element ? event.target.closest(selector) : null
		if (el) act(event, el)
	}, options)
}

/* A sentence in the reader's language, {1} filled in: they stand in #texts. */
export function say(name, value) {
	const text = document.getElementById('texts')?.dataset[name] ?? ''
	return value === undefined ? text : text.replace('{1}', value)
}

export function make(tag, attributes = {}, ...children) {
	const el = document.createElement(tag)
	for (const [name, value] of Object.entries(attributes))
		if (value !== false && value !== null) el.setAttribute(name, value === true ? '' : value)
	el.append(...children)
	return el
}

export const store = {
	get(key) { try { return localStorage.getItem(key) } catch { return null } },
	set(key, value) { try { localStorage.setItem(key, value) } catch { /* full or switched off: nothing is lost but comfort */ } },
	remove(key) { try { localStorage.removeItem(key) } catch { /* as above */ } },
	keys() { try { return Object.keys(localStorage) } catch { return [] } },
}

export function typing(target) {
	return target instanceof Element && (target.matches('input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), textarea, select') || target.isContentEditable)
}
