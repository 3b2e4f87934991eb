// Talks to the echo server with a real socket.io-client, and prints what it
// hears. Arguments: the module, the URL, the transports, polling,websocket.
import { createRequire } from "node:module";

const [module, url, transports] = process.argv.slice(2);
const require = createRequire(process.cwd() + "/");
const io = require(module);
const text = "ü 😀 \u2028 \"quoted\" \\ \u0000";

const options = { transports: transports.split(","), forceNew: true, reconnection: false };
const say = (...what) => console.log(what.map((w) => JSON.stringify(w)).join(" "));
const once = (socket, event) => new Promise((resolve) => socket.once(event, (...data) => resolve(data)));
const ended = setTimeout(() => { say("hangs"); process.exit(1); }, 20000);

const socket = io(url, options);
const connected = await Promise.race([once(socket, "connect"), once(socket, "connect_error")]);
say("connect", connected.map(String));
const engine = socket.io.engine;
if (transports.startsWith("polling,")) await upgraded();
say("transport", engine.transport.name);

for (const data of [[], ["a"], [text], [1, { two: [2, null] }, "three"]]) {
	socket.emit("x", ...data);
	say("x", ...(await once(socket, "x")).map((d, i) => JSON.stringify(d) === JSON.stringify(data[i])), data.length);
}
const acknowledged = new Promise((resolve) => socket.emit("asks", 1, "two", (...data) => resolve(data)));
say("asks", await once(socket, "asks"), "ack", await acknowledged);

const many = [];
const all = new Promise((resolve) => socket.on("n", (n) => many.push(n) === 500 && resolve()));
for (let n = 0; n < 500; n++) socket.emit("n", n);
await all;
say("in order", many.every((n, i) => n === i));

const long = "0123456789abcdef".repeat(20000);
socket.emit("long", long);
say("long", (await once(socket, "long"))[0] === long);

const admin = io(url + "/admin", options);
const refused = await Promise.race([once(admin, "connect_error"), once(admin, "error")]);
say("/admin", refused.map((e) => e.message ?? e));
admin.disconnect();

const greeter = io(url + "/greet", options);
say("alert", await once(greeter, "alert"));
greeter.emit("message", "ESP");
say("/greet", await once(greeter, "message"));

const prefixed = io(url, { ...options, path: "/greet/socket.io/" });
say("alert", await once(prefixed, "alert"));
prefixed.emit("message", "ESP");
say("greet path", await once(prefixed, "message"));

socket.emit("binary", Buffer.from([1, 2]));
const binary = await Promise.race([once(socket, "connect_error"), once(socket, "error")]);
say("binary", binary.map((e) => e.message ?? e));

for (const s of [socket, greeter, prefixed]) s.disconnect();
clearTimeout(ended);

// upgraded waits until the client uses its WebSocket.
async function upgraded() {
	while (engine.transport.name !== "websocket") await new Promise((resolve) => setTimeout(resolve, 10));
}
