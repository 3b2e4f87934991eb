#!/usr/bin/env python3
# DOWN: the device  goes away
# connection refused <script>alert(1)</script> ]]> \x00\x1b[31m \u202egnp.exe\u202c \xff\xfe </pre>&amp;"'` {{.}}
DEVICE = "server"
HOLD = False  # connections stay open while others are opened

# What goes out on each connection, write for write; None waits for an answer.
CONNECTIONS = [
    [
        b"GET / HTTP/1.1\x0d\x0aHost: board\x0d\x0aUpgrade: websocket\x0d\x0aConnection: Upg"
        b"rade\x0d\x0aSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\x0d\x0aSec-WebSocket"
        b"-Version: 13\x0d\x0a\x0d\x0a",
        None,
        b"\x81\x887\xfa!=\x7f\x9fMQX\xda\x03a",
        None,
    ],
    [
        b"GET / HTTP/1.1\x0d\x0aHost: board\x0d\x0aUpgrade: websocket\x0d\x0aConnection: Upg"
        b"rade\x0d\x0aSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\x0d\x0aSec-WebSocket"
        b"-Version: 13\x0d\x0a\x0d\x0a",
        None,
        b"\x81\xfe\x0b\xb87\xfa!=\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^"
        b"\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d",
        b"\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^\x0b\x91\x0f\x0d\x09\x9bC^",
        b"\x80",
    ],
]

import base64
import hashlib
import re
import socket
import sys
import time

PATIENCE = 3.0  # seconds
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def hear(conn):
    """Print what the device says until it has nothing more to say."""
    conn.settimeout(PATIENCE)
    try:
        octets = conn.recv(65536)
    except OSError as err:
        print("   ", err)
        return b""
    print("    <-", octets.hex(" ") if octets else "the end of TCP")
    return octets


def request(conn):
    """Read the opening handshake of a device that is a client."""
    conn.settimeout(30)
    head = b""
    while b"\r\n\r\n" not in head and len(head) < 65536:
        octets = conn.recv(4096)
        if not octets:
            break
        head += octets
    key = re.search(rb"(?i)sec-websocket-key:[ \t]*([^\r\n]*?)[ \t]*\r?\n", head)
    return key.group(1) if key else b""


def accepting(writes, key):
    """Put the answer to this client's key into the place of the recorded one."""
    answer = base64.b64encode(hashlib.sha1(key + GUID).digest())
    return [w and re.sub(rb"(?i)(sec-websocket-accept: )[A-Za-z0-9+/]{27}=", rb"\g<1>" + answer, w) for w in writes]


def play(conn, writes):
    heard = b""
    for octets in writes:
        if octets is None:
            heard += hear(conn)
            continue
        print("    ->", len(octets), "octets")
        try:
            conn.sendall(octets)
        except OSError as err:
            print("   ", err)
            return
        time.sleep(0.005)
    if writes:
        hear(conn)


def connect(host, port):
    for attempt in range(20):
        try:
            conn = socket.create_connection((host, port), PATIENCE)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return conn
        except OSError:
            if attempt == 19:
                raise
            time.sleep(0.1)


def opening(writes):
    """Return how many of the writes belong to the opening handshake."""
    return writes.index(None) + 1 if None in writes else len(writes)


def play_all(connections):
    """Play one connection after another, or where it matters all at once."""
    held = []
    for conn, writes in connections:
        held.append((conn, writes))
        play(conn, writes[:opening(writes)] if HOLD else writes)
        if not HOLD:
            conn.close()
    for conn, writes in held if HOLD else ():
        play(conn, writes[opening(writes):])


def dialled(host, port):
    for writes in CONNECTIONS:
        print("connection to %s port %d" % (host, port))
        yield connect(host, port), writes


def accepted(port):
    listener = socket.create_server(("", port))
    for writes in CONNECTIONS:
        conn, peer = listener.accept()
        print("connection from %s port %d" % peer[:2])
        yield conn, accepting(writes, request(conn))


if DEVICE == "server" and len(sys.argv) == 3:
    play_all(dialled(sys.argv[1], int(sys.argv[2])))
elif DEVICE == "client" and len(sys.argv) == 2:
    play_all(accepted(int(sys.argv[1])))
else:
    sys.exit("usage: %s %s" % (sys.argv[0], "HOST PORT" if DEVICE == "server" else "PORT (to listen on)"))
