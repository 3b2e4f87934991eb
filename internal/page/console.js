"use strict";

// The console: a WebSocket client of the browser's, to try the server with.
(() => {
	const $ = (id) => document.getElementById(id);
	const maxLines = 200, maxShown = 512, maxOctets = 64, maxWaiting = 1000;
	const panel = $("console"), log = $("log");
	let socket, opened, asked, waiting = [], lines = [], skipped = 0, drawing = false;

	// What does not print is spelled out, so that nobody can hide or turn around what
	// was said.
	const printable = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}\\]/gu,
		(c) => c === "\\" ? "\\\\" : `\\u{${c.codePointAt(0).toString(16).padStart(4, "0")}}`);
	const hex = (octets) => Array.from(octets, (o) => o.toString(16).padStart(2, "0")).join(" ");
	// Of what is long, no more is kept than is shown.
	const beginning = (data) => typeof data === "string"
		? { text: data.slice(0, maxShown), more: data.length > maxShown }
		: { octets: new Uint8Array(data.slice(0, maxOctets)), more: data.byteLength > maxOctets };
	const shown = ({ text, octets, more }) => (octets ? hex(octets) : printable(text)) + (more ? " …" : "");
	const encoder = new TextEncoder(), scratch = new Uint8Array(3 * 1024);
	const octetsOf = (text) => text.length <= 1024 ? encoder.encodeInto(text, scratch).written : new Blob([text]).size;
	const size = (data) => typeof data === "string" ? octetsOf(data) : data.byteLength;

	const state = (text, tone = "") => { $("state").textContent = printable(text); $("state").className = tone; };
	const element = (name, text, kind) => {
		const e = document.createElement(name);
		e.textContent = text;
		if (kind) e.className = kind;
		return e;
	};

	// Lines are drawn once a frame, and only those that stay: a flood must not
	// stop the browser.
	const line = (way, what, said, more = "") => {
		lines.push({ at: new Date(), way, what, said, more });
		if (lines.length > 2 * maxLines) {
			skipped += maxLines;
			lines.splice(0, maxLines);
		}
		if (!drawing) {
			drawing = true;
			requestAnimationFrame(draw);
		}
	};
	const draw = () => {
		const follows = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
		if (skipped) log.append(element("li", `${skipped} more, too many at once to be shown`, "note"));
		for (const { at, way, what, said, more } of lines) {
			const item = element("li", "", { "→": "out", "←": "in" }[way] || "note");
			item.append(element("time", at.toLocaleTimeString("en-GB") + "." + String(at.getMilliseconds()).padStart(3, "0")),
				element("i", way), element("small", what), element("bdi", shown(said), "said"), element("small", more, "more"));
			log.append(item);
		}
		while (log.children.length > maxLines) log.firstElementChild.remove();
		lines = [];
		skipped = 0;
		drawing = false;
		if (follows) log.scrollTop = log.scrollHeight;
	};

	const base = () => panel.dataset.echo || location.origin.replace(/^http/, "ws");
	const buttons = () => { $("close").disabled = !socket; };

	const connect = (path) => {
		drop();
		const url = base() + path;
		const protocols = $("subprotocols").value.split(",").map((s) => s.trim()).filter(Boolean);
		let mine;
		try {
			mine = new WebSocket(url, protocols);
		} catch (error) {
			state(error.message, "off");
			waiting = [];
			return;
		}
		socket = mine;
		opened = undefined;
		const began = performance.now();
		mine.binaryType = "arraybuffer";
		state(`connecting to ${url}`);
		buttons();
		mine.onopen = () => {
			if (mine !== socket) return;
			opened = performance.now();
			const chosen = mine.protocol ? `, subprotocol ${mine.protocol}` : "";
			state(`connected to ${url}${chosen}`, "on");
			line("", "connected", { text: `${path}${chosen}` }, `${Math.round(opened - began)} ms`);
			for (const data of waiting) transmit(data);
			waiting = [];
		};
		mine.onmessage = ({ data }) => {
			if (mine !== socket) return;
			const took = asked === undefined ? "" : `${(performance.now() - asked).toFixed(1)} ms`;
			asked = undefined;
			line("←", kind(data), beginning(data), took);
		};
		mine.onclose = ({ code, reason, wasClean }) => {
			if (mine !== socket) return;
			socket = undefined;
			waiting = [];
			const how = opened === undefined ? "not connected: the server did not open a WebSocket" + (protocols.length ? ", or selected none of the subprotocols" : "")
				: wasClean ? `closed with ${code}${reason ? ` "${reason}"` : ""}` : "ended without a closing handshake";
			state(how, "off");
			line("", "closed", { text: how });
			buttons();
		};
	};
	const drop = () => {
		const old = socket;
		socket = undefined;
		asked = undefined;
		old?.close(1000);
	};
	const kind = (data) => `${typeof data === "string" ? "text" : "binary"} ${size(data)}`;
	const transmit = (data) => {
		asked = performance.now();
		socket.send(data);
		line("→", kind(data), beginning(data));
	};

	// Who sends is connected first, if need be.
	const send = (data) => {
		if (socket?.readyState === WebSocket.OPEN) return transmit(data);
		if (waiting.length < maxWaiting) waiting.push(data);
		if (socket?.readyState !== WebSocket.CONNECTING) connect($("path").value);
	};
	const octets = (text) => {
		const digits = text.replace(/0x|[\s,:]/gi, "");
		if (digits.length % 2 || /[^0-9a-f]/i.test(digits)) return undefined;
		return Uint8Array.from(digits.match(/../g) || [], (pair) => parseInt(pair, 16));
	};

	$("connect").addEventListener("submit", (e) => { e.preventDefault(); connect($("path").value); });
	$("close").addEventListener("click", () => socket?.close(1000));
	$("say").addEventListener("submit", (e) => {
		e.preventDefault();
		const message = $("message"), text = message.value;
		const data = $("kind").value === "text" ? text : octets(text);
		message.setAttribute("aria-invalid", data === undefined);
		if (data === undefined) return state("not hexadecimal octets, such as 00 ff", "off");
		send(data);
		message.select();
	});
	for (const button of panel.querySelectorAll(".quick button")) {
		button.addEventListener("click", () => send(button.dataset.text ?? octets(button.dataset.hex)));
	}
	for (const button of document.querySelectorAll(".try")) {
		button.hidden = false;
		button.addEventListener("click", () => {
			$("path").value = button.dataset.path;
			panel.scrollIntoView({ block: "nearest" });
			$("message").focus({ preventScroll: true });
			connect(button.dataset.path);
		});
	}
	panel.hidden = false;
	buttons();
})();
