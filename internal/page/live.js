"use strict";

// Follows what changes on the page, as the server tells it: pieces of the page's
// own HTML, made and escaped there.
(() => {
	const body = document.body, url = body.dataset.events;
	const status = document.getElementById("live"), pause = document.getElementById("pause");
	if (!url) return;

	// The clock of a bench may be wrong; what counts is the server's.
	const ahead = Date.parse(body.dataset.now) - Date.now();

	const ago = (seconds) => {
		if (seconds < 2) return "now";
		if (seconds < 60) return `${Math.floor(seconds)} s ago`;
		if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
		return `${Math.floor(seconds / 3600)} h ago`;
	};
	const tick = () => {
		for (const time of document.querySelectorAll("time.ago")) {
			const text = ago((Date.now() + ahead - Date.parse(time.dateTime)) / 1000);
			if (time.textContent !== text) time.textContent = text;
		}
	};
	setInterval(tick, 1000);
	tick();

	// Only what differs is touched, so that focus and selection stay where they are.
	const morph = (old, now) => {
		if (old.isEqualNode(now)) return;
		if (old.nodeName !== now.nodeName) {
			old.replaceWith(now);
			return;
		}
		if (old.nodeType !== Node.ELEMENT_NODE) {
			old.data = now.data;
			return;
		}
		for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
		for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
		children(old, now);
	};
	const children = (old, now) => {
		const before = [...old.childNodes], after = [...now.childNodes];
		after.forEach((node, i) => i < before.length ? morph(before[i], node) : old.append(node));
		for (const extra of before.slice(after.length)) extra.remove();
	};
	const parse = (html) => {
		const template = document.createElement("template");
		template.innerHTML = html;
		return template.content;
	};

	const events = {
		row(html) {
			const row = parse(html).querySelector("tr"), old = document.getElementById(row.id);
			old ? morph(old, row) : document.getElementById("rows").append(row);
		},
		order(ids) {
			const rows = document.getElementById("rows");
			const wanted = ids ? ids.split(" ").map((id) => document.getElementById("d-" + id)) : [];
			for (const row of [...rows.children]) if (!wanted.includes(row)) row.remove();
			wanted.forEach((row, i) => { if (rows.children[i] !== row) rows.insertBefore(row, rows.children[i]); });
			document.getElementById("devices").hidden = !wanted.length;
			document.getElementById("empty").hidden = wanted.length > 0;
		},
		summary(html) { children(document.getElementById("summary"), parse(html)); },
		device(html) { children(document.getElementById("device"), parse(`\n${html}\n`)); },
	};

	let source, paused = false, doubt;
	const say = (word, tone) => {
		clearTimeout(doubt);
		if (status.textContent !== word) status.textContent = word;
		status.className = tone;
	};
	const open = () => {
		clearTimeout(doubt);
		if (source || paused || document.hidden) return;
		source = new EventSource(url);
		source.onopen = () => say("live", "on");
		source.onerror = () => {
			const doubtful = () => say("not live, trying again", "off");
			clearTimeout(doubt);
			if (source.readyState === EventSource.CLOSED) { // after an answer that is no stream: for good
				shut();
				doubtful();
				doubt = setTimeout(open, 4000);
			} else { // a stream ends now and then and comes back at once: only a break is worth a word
				doubt = setTimeout(doubtful, 4000);
			}
		};
		for (const [name, take] of Object.entries(events)) {
			source.addEventListener(name, (e) => { take(e.data); tick(); });
		}
	};
	const shut = () => {
		source?.close();
		source = undefined;
	};
	pause.hidden = false;
	pause.addEventListener("click", () => {
		paused = !paused;
		pause.setAttribute("aria-pressed", paused);
		if (paused) { shut(); say("paused", "off"); } else open();
	});
	// Who does not look need not be told.
	document.addEventListener("visibilitychange", () => document.hidden ? shut() : open());
	addEventListener("pagehide", shut);
	addEventListener("pageshow", open);
	say("connecting", "off");
	open();
})();
