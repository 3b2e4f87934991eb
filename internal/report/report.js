// Adds what a page without a script cannot have: the filter, and the switch
// between light and dark. Everything can be read without it.
"use strict";
(() => {
	const $ = (selector) => document.querySelector(selector);
	const all = (selector) => [...document.querySelectorAll(selector)];

	const theme = $("#theme"), dark = matchMedia("(prefers-color-scheme: dark)");
	theme.hidden = false;
	theme.addEventListener("click", () => {
		const now = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
		document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
	});

	const cases = all(".case").map((el) => ({
		el,
		...el.dataset,
		verdicts: el.dataset.verdicts.split("|"),
		text: el.querySelector("summary").textContent.toLowerCase(),
	}));
	if (!cases.length) return;
	const state = { show: "", group: "", q: "" };

	// 6.4 takes 6.4.1 and what begins so; 9.*.1 is a pattern; else any words.
	function asks(query) {
		if (/^[\d.*]+$/.test(query)) {
			const pattern = new RegExp("^" + query.replaceAll(".", "\\.").replaceAll("*", ".*"));
			return (c) => pattern.test(c.id);
		}
		const words = query.toLowerCase().split(/\s+/);
		return (c) => words.every((word) => c.text.includes(word));
	}

	function shows(show) {
		switch (show) {
			case "": return () => true;
			case "failing": return (c) => "failing" in c;
			case "differs": return (c) => "differs" in c;
		}
		return (c) => c.verdicts.includes(show);
	}

	function apply() {
		const asked = asks(state.q.trim()), shown = shows(state.show);
		let n = 0;
		for (const c of cases) {
			c.el.hidden = !(shown(c) && asked(c) && (!state.group || c.group === state.group));
			n += !c.el.hidden;
		}
		for (const list of all(".list")) {
			const left = list.querySelectorAll(".case:not([hidden])").length;
			list.hidden = !left;
			list.querySelector("h2 small").textContent = left;
		}
		for (const button of all(".chips button")) {
			button.setAttribute("aria-pressed", button.dataset.show === state.show);
		}
		$("#query").value = state.q;
		$("#group").value = state.group;
		$("#nothing").hidden = n > 0;
		$("#shown").textContent = n === cases.length ? "" : `${n} of ${cases.length} cases`;
	}

	function change(part) {
		Object.assign(state, part);
		const set = Object.entries(state).filter(([, value]) => value);
		const hash = new URLSearchParams(set).toString();
		history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
		apply();
	}

	// The hash is a filter, #show=failing&group=7, or the ID of a case.
	function follow() {
		const hash = location.hash.slice(1);
		if (hash.includes("=")) {
			const set = new URLSearchParams(hash);
			for (const key in state) state[key] = set.get(key) || "";
			apply();
			if (set.has("group")) $("#filter").scrollIntoView();
			return;
		}
		let id = hash;
		try { id = decodeURIComponent(hash); } catch { /* as it is */ }
		const c = id && cases.find((c) => c.id === id);
		if (!c) return;
		if (c.el.hidden) {
			Object.assign(state, { show: "", group: "", q: "" });
			apply();
		}
		c.el.open = true;
		c.el.scrollIntoView();
		c.el.querySelector("summary").focus({ preventScroll: true });
	}

	$("#filter").hidden = false;
	$("#filter").addEventListener("submit", (event) => event.preventDefault());
	$("#query").addEventListener("input", (event) => change({ q: event.target.value }));
	$("#group").addEventListener("change", (event) => change({ group: event.target.value }));
	document.addEventListener("click", (event) => {
		const button = event.target.closest("button[data-show]");
		if (!button) return;
		const none = button.closest("#nothing") ? { group: "", q: "" } : {};
		change({ show: button.dataset.show, ...none });
	});
	document.addEventListener("keydown", (event) => {
		if (event.key === "/" && !event.target.closest("input, select")) {
			event.preventDefault();
			$("#query").focus();
		}
	});
	addEventListener("hashchange", follow);
	addEventListener("load", follow); // after the browser's own scrolling

	// The filter stays in view, and what is stuck below it needs its height.
	function measure() {
		const stuck = getComputedStyle($("#filter")).position === "sticky";
		document.documentElement.style.setProperty("--filter", stuck ? $("#filter").offsetHeight + "px" : "0px");
	}
	new ResizeObserver(measure).observe($("#filter"));

	// On paper nothing can be opened: what fails is printed open.
	addEventListener("beforeprint", () => {
		for (const c of cases) if ("failing" in c && !c.el.hidden) c.el.open = true;
	});

	apply();
	measure();
})();
