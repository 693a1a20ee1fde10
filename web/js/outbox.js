// What could not be sent yet, in IndexedDB: shared by the pages and the worker behind them.
// An item: { id, user, no (order), url, type, body (text, or a Blob), verb, at (ms, the device's clock), refused (why, once the server said no) }

function ask(request) {
	return new Promise((done, fail) => {
		request.onsuccess = () => done(request.result)
		request.onerror = () => fail(request.error)
	})
}

async function table(name, mode, run) {
	const open = indexedDB.open('baoxiu', 1)
	open.onupgradeneeded = () => {
		open.result.createObjectStore('item', { keyPath: 'id', autoIncrement: true })
		open.result.createObjectStore('fact')
	}
	const db = await ask(open)
	try {
		return await ask(run(db.transaction(name, mode).objectStore(name)))
	} finally {
		db.close()
	}
}

export const outbox = {
	add: item => table('item', 'readwrite', t => t.add(item)),
	put: item => table('item', 'readwrite', t => t.put(item)),
	remove: id => table('item', 'readwrite', t => t.delete(id)),
	/* Oldest first. */
	of: async user => (await table('item', 'readonly', t => t.getAll())).filter(item => item.user === user),
}

/* Small things the worker must know when it is woken: who is signed in, what to say. */
export const facts = {
	get: name => table('fact', 'readonly', t => t.get(name)),
	set: (name, value) => table('fact', 'readwrite', t => t.put(value, name)),
}
