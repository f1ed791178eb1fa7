// One message on the bus of an office, as a service would send it: the pages of operators are
// about what goes wrong there. It speaks as much of the protocol of NATS as that takes.
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function decode(text) {
  let bits = 0, held = 0;
  const out = [];
  for (const c of text) {
    held = (held << 5) | alphabet.indexOf(c);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 255);
      held &= (1 << bits) - 1;
    }
  }
  return Buffer.from(out);
}

function encode(bytes) {
  let bits = 0, held = 0, out = "";
  for (const b of bytes) {
    held = (held << 8) | b;
    bits += 8;
    for (; bits >= 5; bits -= 5) out += alphabet[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits ? out + alphabet[(held << (5 - bits)) & 31] : out;
}

function crc(bytes) {
  let sum = 0;
  for (const b of bytes) {
    sum ^= b << 8;
    for (let i = 0; i < 8; i++) sum = sum & 0x8000 ? ((sum << 1) ^ 0x1021) & 0xffff : (sum << 1) & 0xffff;
  }
  return [sum & 255, sum >> 8];
}

// publish sends one message with the seed of an identity (NKEYS, user keys).
export async function publish(address, seedFile, subject, text) {
  const seed = decode((await readFile(seedFile, "utf8")).trim()).subarray(2, 34);
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" });
  const raw = Buffer.concat([Buffer.from([20 << 3]), createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32)]);
  const nkey = encode(Buffer.concat([raw, Buffer.from(crc(raw))]));
  const { hostname, port } = new URL(address);
  await new Promise((resolve, refuse) => {
    const socket = connect(Number(port), hostname);
    let said = "";
    socket.on("error", refuse);
    socket.on("data", (d) => {
      said += d;
      const info = said.match(/^INFO (\{.*\})\s*\r\n/);
      if (info && !socket.sent) {
        socket.sent = true;
        const sig = sign(null, Buffer.from(JSON.parse(info[1]).nonce), key).toString("base64url");
        socket.write(`CONNECT ${JSON.stringify({ verbose: false, pedantic: false, nkey, sig, lang: "node", version: "0" })}\r\n`);
        socket.write(`PUB ${subject} ${Buffer.byteLength(text)}\r\n${text}\r\nPING\r\n`);
      }
      if (said.includes("-ERR")) refuse(new Error(said.slice(said.indexOf("-ERR")).split("\r\n")[0]));
      if (said.includes("PONG")) socket.end(resolve);
    });
  });
}
