// A peer in a browser, written from ../protocol.md alone ("§" below is a section of it). It needs WebCrypto with Ed25519 and
// X25519, so a secure context: https, or http on this machine. No other script, no build.

// ---- Bytes ------------------------------------------------------------------------------------------------------------

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true });

export const utf8 = text => encoder.encode(text);
export const hex = bytes => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
export const unhex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
export const random = length => crypto.getRandomValues(new Uint8Array(length));
export const same = (one, other) => hex(one) === hex(other);

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function bigEndian(value, length) {
  const bytes = new Uint8Array(length);
  let left = BigInt(value);
  for (let i = length - 1; i >= 0; i--, left >>= 8n) {
    bytes[i] = Number(left & 255n);
  }
  return bytes;
}

function number(bytes) {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new Error('a number is too large');
  }
  return Number(value);
}

/** base64url without padding (§1). */
export function base64url(bytes) {
  let text = '';
  bytes.forEach(byte => (text += String.fromCharCode(byte)));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export function unbase64url(text, length) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) {
    throw new Error('not base64url');
  }
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
  if (length !== undefined && bytes.length !== length) {
    throw new Error(`${bytes.length} bytes, not ${length}`);
  }
  return bytes;
}

const Z32 = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** The text of an id (§1). */
export function idText(key) {
  let text = '';
  let held = 0;
  let count = 0;
  for (const byte of key) {
    held = ((held << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; count -= 5) {
      text += Z32[(held >> (count - 5)) & 31];
    }
  }
  return text + Z32[(held << (5 - count)) & 31];
}

export function idBytes(text) {
  const bytes = [];
  let held = 0;
  let count = 0;
  for (const letter of text) {
    const value = Z32.indexOf(letter);
    if (value < 0) {
      throw new Error(`no id: it has the character ${letter}`);
    }
    held = ((held << 5) | value) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      bytes.push((held >> count) & 255);
    }
  }
  if (text.length !== 52 || (held & ((1 << count) - 1)) !== 0) {
    throw new Error('no id: it has to have 52 letters and digits');
  }
  return Uint8Array.from(bytes);
}

// ---- Signatures (§1.1) ------------------------------------------------------------------------------------------------

const signedBytes = (purpose, payload) => concat(Uint8Array.of(purpose.length), utf8(purpose), payload);

const P = 2n ** 255n - 19n;

/** The order of the points that are keys; with one of small order one signature would do for every message. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const modulo = value => ((value % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (let square = modulo(base); exponent > 0n; exponent >>= 1n, square = (square * square) % P) {
    if (exponent & 1n) {
      result = (result * square) % P;
    }
  }
  return result;
}

/** The curve -x² + y² = 1 + D·x²·y² (RFC 8032 §5.1). */
const D = modulo(-121665n * power(121666n, P - 2n));
const ROOT = power(2n, (P - 1n) / 4n);

/** The x of a point; undefined if there is none (RFC 8032 §5.1.3). */
function xOf(y, odd) {
  const square = modulo((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if ((x * x) % P !== square) {
    x = (x * ROOT) % P;
  }
  if ((x * x) % P !== square || (x === 0n && odd)) {
    return undefined;
  }
  return (x & 1n) === (odd ? 1n : 0n) ? x : P - x;
}

/** RFC 8032 §5.1.4; it is good for doubling, too. */
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = (y1 - x1) * (y2 - x2);
  const b = (y1 + x1) * (y2 + x2);
  const c = 2n * D * t1 * t2;
  const d = 2n * z1 * z2;
  const [e, f, g, h] = [modulo(b - a), modulo(d - c), modulo(d + c), modulo(b + a)];
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
}

/** Whether so many times this point are none at all. */
function hasOrder(x, y, order) {
  let sum = [0n, 1n, 1n, 0n];
  for (let rest = order, point = [x, y, 1n, (x * y) % P]; rest > 0n; rest >>= 1n, point = add(point, point)) {
    if (rest & 1n) {
      sum = add(sum, point);
    }
  }
  return sum[0] === 0n && sum[1] === sum[2];
}

/** The points that were looked at; a key comes again and again. */
const looked = new Map();

/** Whether it is the one encoding of a point of the prime order (§1.1). */
function isGoodKey(key) {
  if (key.length !== 32) {
    return false;
  }
  const name = hex(key);
  if (!looked.has(name)) {
    if (looked.size >= 1000) {
      looked.clear();
    }
    looked.set(name, isPointOfPrimeOrder(key));
  }
  return looked.get(name);
}

function isPointOfPrimeOrder(key) {
  const little = Uint8Array.from(key).reverse();
  const odd = little[0] > 127;
  little[0] &= 127;
  const y = little.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (y >= P || y === 1n) {
    return false;
  }
  const x = xOf(y, odd);
  return x !== undefined && hasOrder(x, y, ORDER);
}

export async function verify(id, purpose, payload, signature) {
  if (!isGoodKey(id) || signature.length !== 64) {
    return false;
  }
  try {
    const key = await crypto.subtle.importKey('raw', id, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, signedBytes(purpose, payload));
  } catch {
    return false;
  }
}

// ---- Keys -------------------------------------------------------------------------------------------------------------

const ED25519_PKCS8 = unhex('302e020100300506032b657004220420');
const X25519_PKCS8 = unhex('302e020100300506032b656e04220420');

/** Who this peer is. */
export class Identity {
  constructor(privateKey, id) {
    this.privateKey = privateKey;
    this.id = id;
  }

  static async create() {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    return new Identity(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  }

  static async ofSeed(seed, id) {
    const key = concat(ED25519_PKCS8, seed);
    return new Identity(await crypto.subtle.importKey('pkcs8', key, 'Ed25519', false, ['sign']), id);
  }

  async sign(purpose, payload) {
    return new Uint8Array(await crypto.subtle.sign('Ed25519', this.privateKey, signedBytes(purpose, payload)));
  }
}

/** What opens envelopes. */
export class SealingKey {
  constructor(privateKey, publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  static async create() {
    const pair = await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
    return new SealingKey(pair.privateKey, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  }

  static async ofSecret(secret) {
    const key = concat(X25519_PKCS8, secret);
    const privateKey = await crypto.subtle.importKey('pkcs8', key, 'X25519', true, ['deriveBits']);
    const { x } = await crypto.subtle.exportKey('jwk', privateKey);
    return new SealingKey(privateKey, unbase64url(x, 32));
  }

  async agree(publicKey) {
    const other = await crypto.subtle.importKey('raw', publicKey, 'X25519', false, []);
    const shared = await crypto.subtle.deriveBits({ name: 'X25519', public: other }, this.privateKey, 256);
    const bytes = new Uint8Array(shared);
    if (bytes.every(byte => byte === 0)) {
      throw new Error('no key: a point of small order');
    }
    return bytes;
  }
}

// ---- HPKE (§7; RFC 9180 §4 to §6) -------------------------------------------------------------------------------------

const KEM = concat(utf8('KEM'), bigEndian(0x0020, 2));
const SUITE = concat(utf8('HPKE'), bigEndian(0x0020, 2), bigEndian(0x0001, 2), bigEndian(0x0001, 2));
const NONE = new Uint8Array(0);

async function hmac(key, data) {
  // WebCrypto takes no empty key; HMAC fills a short one with zeroes anyway.
  const raw = key.length === 0 ? new Uint8Array(32) : key;
  const its = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', its, data));
}

const extract = (suite, salt, label, secret) => hmac(salt, concat(utf8('HPKE-v1'), suite, utf8(label), secret));

/** At most one block of SHA-256, which is all that is needed. */
async function expand(suite, secret, label, info, length) {
  const labelled = concat(bigEndian(length, 2), utf8('HPKE-v1'), suite, utf8(label), info);
  return (await hmac(secret, concat(labelled, Uint8Array.of(1)))).slice(0, length);
}

async function schedule(agreed, enc, recipientKey, info) {
  const shared = await expand(
    KEM, await extract(KEM, NONE, 'eae_prk', agreed), 'shared_secret', concat(enc, recipientKey), 32);
  const context = concat(
    Uint8Array.of(0), await extract(SUITE, NONE, 'psk_id_hash', NONE), await extract(SUITE, NONE, 'info_hash', info));
  const secret = await extract(SUITE, shared, 'secret', NONE);
  const raw = await expand(SUITE, secret, 'key', context, 16);
  return {
    key: await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']),
    iv: await expand(SUITE, secret, 'base_nonce', context, 12),
  };
}

async function hpkeSeal(recipientKey, ephemeral, info, additionalData, plain) {
  const agreed = await ephemeral.agree(recipientKey);
  const { key, iv } = await schedule(agreed, ephemeral.publicKey, recipientKey, info);
  const text = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plain);
  return concat(ephemeral.publicKey, new Uint8Array(text));
}

async function hpkeOpen(own, info, additionalData, sealed) {
  const enc = sealed.slice(0, 32);
  const { key, iv } = await schedule(await own.agree(enc), enc, own.publicKey, info);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed.slice(32)));
}

// ---- Envelopes (§7) ---------------------------------------------------------------------------------------------------

const ENVELOPE = 'culvert-envelope-1';
const HEAD = 32 + 16 + 8 + 8 + 4;
export const LONGEST_PAYLOAD = 11900;

/** Seals a payload of `identity` for a peer. */
export async function seal(identity, recipient, recipientKey, { session, number: count, expiry, payload, ephemeral }) {
  if (payload.length > LONGEST_PAYLOAD) {
    throw new Error(`at most ${LONGEST_PAYLOAD} bytes are said at once, not ${payload.length}`);
  }
  const said = concat(
    identity.id, session, bigEndian(count, 8), bigEndian(expiry, 8), bigEndian(payload.length, 4), payload);
  const signature = await identity.sign(ENVELOPE, concat(recipient, recipientKey, said));
  const length = said.length + signature.length;
  const plain = concat(said, signature, new Uint8Array((256 - (length % 256)) % 256));
  const once = ephemeral ?? (await SealingKey.create());
  return hpkeSeal(recipientKey, once, utf8(ENVELOPE), recipient, plain);
}

/** Opens an envelope, or throws; whether it is expired or was there before is for the caller to see. */
export async function open(sealed, recipient, sealingKey) {
  const plain = await hpkeOpen(sealingKey, utf8(ENVELOPE), recipient, sealed);
  const length = plain.length < HEAD + 64 ? Infinity : number(plain.slice(HEAD - 4, HEAD));
  if (HEAD + length + 64 > plain.length) {
    throw new Error('cut off');
  }
  const said = plain.slice(0, HEAD + length);
  const sender = said.slice(0, 32);
  const bound = concat(recipient, sealingKey.publicKey, said);
  if (!(await verify(sender, ENVELOPE, bound, plain.slice(HEAD + length, HEAD + length + 64)))) {
    throw new Error('not signed by whom it names');
  }
  return {
    sender,
    session: said.slice(32, 48),
    number: number(said.slice(48, 56)),
    expiry: number(said.slice(56, 64)),
    payload: said.slice(HEAD),
  };
}

// ---- Records (§4, §5) -------------------------------------------------------------------------------------------------

async function signedRecord(identity, purpose, payload) {
  const sig = base64url(await identity.sign(purpose, payload));
  return { by: idText(identity.id), payload: base64url(payload), sig };
}

export const makeRecord = (identity, sealingKey, sequence, expiry) =>
  signedRecord(identity, 'rdv1-record', concat(sealingKey, bigEndian(sequence, 8), bigEndian(expiry, 8)));

async function verified(record, purpose) {
  const payload = unbase64url(record.payload);
  if (!(await verify(idBytes(record.by), purpose, payload, unbase64url(record.sig, 64)))) {
    throw new Error('a record is not signed by its peer');
  }
  return payload;
}

/** Reads a peer's record, or throws. */
export async function readRecord(record, peer, now) {
  const payload = await verified(record, 'rdv1-record');
  if (!same(idBytes(record.by), peer)) {
    throw new Error('the node gave the record of another peer');
  }
  const its = {
    sealingKey: payload.slice(0, 32),
    sequence: number(payload.slice(32, 40)),
    expiry: number(payload.slice(40, 48)),
  };
  if (payload.length < 48 || its.expiry <= now) {
    throw new Error('the node gave a record that has expired');
  }
  return its;
}

/** Reads a node's record, or throws. */
export async function readNodeRecord(record, now) {
  const payload = await verified(record, 'rdv1-node-record');
  const expiry = number(payload.slice(0, 8));
  const urls = strictDecoder.decode(payload.slice(8)).split('\n');
  if (expiry <= now || urls.length > 4) {
    throw new Error('no record of a node that holds');
  }
  return { node: idBytes(record.by), urls: urls.map(url => urlOf(url)), expiry };
}

/** The nodes in the order of a peer (§5.1). */
export async function ranking(peer, nodes) {
  const weighed = await Promise.all(
    nodes.map(async node => {
      const digest = await crypto.subtle.digest('SHA-256', concat(utf8('rdv1-ranking'), peer, node));
      return { node, weight: hex(new Uint8Array(digest)) };
    }));
  return weighed.sort((one, other) => (one.weight < other.weight ? 1 : -1)).map(each => each.node);
}

// ---- A connection with a node (§2, §3) --------------------------------------------------------------------------------

const SUBPROTOCOL = 'rdv.v1.json';
const LONGEST = 16384;
const PATIENCE = 15000;

/** A URL in the form that `auth` has it (§3). */
export function urlOf(text) {
  const url = new URL(text);
  const local = /^(127\.[0-9.]+|\[::1\]|localhost)$/.test(url.hostname);
  if (!(url.protocol === 'wss:' || (url.protocol === 'ws:' && local))) {
    throw new Error('a node is reached at wss://…, on this machine also at ws://…');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new Error('the URL of a node has a host, a port and a path, and no more');
  }
  const port = url.port || (url.protocol === 'ws:' ? '80' : '');
  return `${url.protocol}//${url.hostname}${port ? `:${port}` : ''}${url.pathname}`;
}

/** What both sign to prove who they are (§3). */
export const peerProof = (hello, nonce, url) => concat(hello.nonce, hello.node, nonce, utf8(url));
export const nodeProof = (hello, nonce, peer) => concat(nonce, peer, hello.nonce);

export class Refused extends Error {
  constructor(frame) {
    super(frame.reason);
    this.code = frame.code;
    this.retry = frame.retry;
  }
}

/**
 * One connection. `onSaid(from, sealed)` gets what others say, `onEnd(reason)` is called once, `tell(what)` gets a word about each
 * step.
 */
export class NodeConnection {
  constructor(identity, { onSaid, onEnd, tell }) {
    this.identity = identity;
    this.onSaid = onSaid;
    this.onEnd = onEnd;
    this.tell = tell;
    this.waiting = new Map();
    this.nextId = 1;
    this.queue = Promise.resolve();
  }

  /** Connects; done when both sides have proven who they are. */
  connect(url, expected) {
    this.url = urlOf(url);
    this.expected = expected;
    return new Promise((resolve, reject) => {
      this.greeted = { resolve, reject };
      this.socket = new WebSocket(this.url, SUBPROTOCOL);
      this.deadline = setTimeout(() => this.end('the node does not answer'), PATIENCE);
      this.socket.onopen = () => {
        if (this.socket.protocol !== SUBPROTOCOL) {
          this.end('the node speaks another protocol');
        }
      };
      // One after the other, although verifying takes its time.
      this.socket.onmessage = event => {
        this.heard = performance.now();
        this.queue = this.queue.then(() => this.take(event.data)).catch(fault => this.end(fault.message));
      };
      this.socket.onclose = event => {
        this.queue = this.queue.then(() => this.end(`the connection broke (${event.code})`));
      };
    });
  }

  async take(text) {
    if (this.ended) {
      return;
    }
    if (typeof text !== 'string' || utf8(text).length > LONGEST) {
      throw new Error('the node speaks another language');
    }
    const frame = JSON.parse(text);
    if (frame.t === 'error' && frame.re == null) {
      throw new Refused(frame);
    } else if (frame.t === 'redirect') {
      this.tell(`The node asks to go elsewhere: ${frame.reason}`);
    } else if (!this.hello && frame.t === 'hello') {
      await this.greet(frame);
    } else if (this.hello && !this.welcome && frame.t === 'welcome') {
      await this.welcomed(frame);
    } else if (this.welcome && frame.t === 'said') {
      this.onSaid(idBytes(frame.from), unbase64url(frame.sealed));
    } else if (this.welcome && frame.re != null) {
      this.answered(frame);
    } else {
      throw new Error('the node speaks out of turn');
    }
  }

  async greet(frame) {
    this.hello = { node: idBytes(frame.node), nonce: unbase64url(frame.nonce, 32), time: frame.time };
    if (this.expected && !same(this.expected, this.hello.node)) {
      throw new Error(`another node answers there: ${frame.node}`);
    }
    if (!Number.isSafeInteger(frame.time)) {
      throw new Error('the node does not say what time it is');
    }
    this.clockAhead = frame.time - Date.now() / 1000;
    this.tell(`The node says to be ${frame.node}. It gets a signature that is good for this connection alone.`);
    this.nonce = random(32);
    const sig = await this.identity.sign('rdv1-peer', peerProof(this.hello, this.nonce, this.url));
    this.send({
      t: 'auth',
      peer: idText(this.identity.id),
      nonce: base64url(this.nonce),
      url: this.url,
      sig: base64url(sig),
    });
  }

  async welcomed(frame) {
    const payload = nodeProof(this.hello, this.nonce, this.identity.id);
    if (!(await verify(this.hello.node, 'rdv1-node', payload, unbase64url(frame.sig, 64)))) {
      throw new Error('the node does not prove to be whom it says; do not use it again');
    }
    clearTimeout(this.deadline);
    this.welcome = frame;
    const quiet = Math.min(600, Math.max(3, Number.isFinite(frame.quiet) ? frame.quiet : 60)) * 1000;
    this.beat = setInterval(() => {
      if (performance.now() - this.heard > quiet) {
        this.end('the node fell silent');
      } else {
        this.ask({ t: 'ping' }).catch(() => {});
      }
    }, quiet / 3);
    this.tell('The node has proven who it is, and has accepted who this is.');
    this.greeted.resolve(this);
  }

  /** Seconds since 1970 by the node's clock. */
  now() {
    return Math.floor(Date.now() / 1000 + this.clockAhead);
  }

  /** Asks; the answer, or a failure. */
  ask(request) {
    return new Promise((resolve, reject) => {
      if (!this.welcome || this.ended) {
        reject(new Error('not connected'));
        return;
      }
      const id = this.nextId++;
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error('the node does not answer'));
      }, PATIENCE);
      this.waiting.set(id, { resolve, reject, timer });
      this.send({ ...request, id });
    });
  }

  answered(frame) {
    const its = this.waiting.get(frame.re);
    if (!its) {
      return;
    }
    this.waiting.delete(frame.re);
    clearTimeout(its.timer);
    if (frame.t === 'error') {
      its.reject(new Refused(frame));
    } else {
      its.resolve(frame);
    }
  }

  send(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  end(reason) {
    if (this.ended) {
      return;
    }
    this.ended = true;
    clearTimeout(this.deadline);
    clearInterval(this.beat);
    this.socket.close();
    this.waiting.forEach(its => {
      clearTimeout(its.timer);
      its.reject(new Error(reason));
    });
    this.waiting.clear();
    this.greeted.reject(new Error(reason));
    this.onEnd(reason);
  }
}

// ---- A peer that writes notes (§8) ------------------------------------------------------------------------------------

const VALIDITY = 1800;
const HOLDS = 120;
const MOST_SESSIONS = 1000;
const MOST_NUMBERS = 10000;

/** `hear(kind, text, about)` is told all that happens. */
export class Peer {
  static async create(hear) {
    const peer = new Peer();
    peer.hear = hear;
    peer.identity = await Identity.create();
    peer.sealingKey = await SealingKey.create();
    peer.sessions = new Map();
    peer.seen = new Map();
    return peer;
  }

  get id() {
    return idText(this.identity.id);
  }

  async connect(url, nodeId) {
    const connection = new NodeConnection(this.identity, {
      onSaid: (from, sealed) => this.said(from, sealed),
      onEnd: reason => {
        clearInterval(this.renewal);
        this.hear('ended', `The connection has ended: ${reason}.`);
      },
      tell: what => this.hear('step', what),
    });
    this.node = await connection.connect(url, nodeId ? idBytes(nodeId) : undefined);
    this.hear('welcome', 'Connected.', idText(connection.hello.node));
    await this.register();
    this.renewal = setInterval(
      () => this.register().catch(fault => this.hear('fault', `Not registered: ${fault.message}.`)), (VALIDITY / 3) * 1000);
  }

  async register() {
    const record = await makeRecord(
      this.identity, this.sealingKey.publicKey, Date.now(), this.node.now() + VALIDITY);
    const answer = await this.node.ask({ t: 'register', record, namespaces: [] });
    this.hear('registered', `Others find this page for ${answer.validity} seconds by its id. No address is told to anybody.`);
  }

  /** Looks a peer up and says something to it that nobody else can read. */
  async write(peerText, text) {
    const to = idBytes(peerText.trim().toLowerCase());
    const found = await this.node.ask({ t: 'lookup', peer: idText(to) });
    const record = await readRecord(found.record, to, this.node.now());
    this.hear('found', 'The peer is known here, and its record is signed by itself.', idText(to));
    const session = this.sessions.get(idText(to)) ?? { name: random(16), number: 0 };
    this.sessions.set(idText(to), session);
    const sealed = await seal(this.identity, to, record.sealingKey, {
      session: session.name,
      number: session.number++,
      expiry: this.node.now() + HOLDS,
      payload: utf8(JSON.stringify({ v: 1, t: 'note', text })),
    });
    const answer = await this.node.ask({ t: 'signal', to: idText(to), sealed: base64url(sealed) });
    if (answer.t !== 'delivered') {
      throw new Error(`not delivered: the peer is ${answer.reason}`);
    }
    this.hear('delivered', `Sealed in ${sealed.length} bytes and handed over: “${text}”.`, idText(to));
  }

  async said(from, sealed) {
    try {
      const envelope = await open(sealed, this.identity.id, this.sealingKey);
      const sender = idText(envelope.sender);
      this.refuseOld(envelope);
      const body = JSON.parse(strictDecoder.decode(envelope.payload));
      if (!same(from, envelope.sender)) {
        this.hear('step', `The node says that ${idText(from)} sent what ${sender} has signed.`);
      }
      if (body.v === 1 && body.t === 'note') {
        this.hear('note', String(body.text), sender);
      } else {
        this.hear('step', `${sender} said something that this page does not know (${String(body.t)}).`);
      }
    } catch (fault) {
      this.hear('fault', `Something came that is not to be believed: ${fault.message || 'it cannot be opened'}.`);
    }
  }

  refuseOld(envelope) {
    if (envelope.expiry <= this.node.now()) {
      throw new Error('it has expired');
    }
    const name = `${hex(envelope.sender)} ${hex(envelope.session)}`;
    const numbers = this.seen.get(name) ?? new Set();
    if (numbers.has(envelope.number)) {
      throw new Error('it was there before');
    }
    if (numbers.size >= MOST_NUMBERS) {
      throw new Error('too much was said in one session');
    }
    numbers.add(envelope.number);
    this.seen.delete(name);
    this.seen.set(name, numbers);
    if (this.seen.size > MOST_SESSIONS) {
      this.seen.delete(this.seen.keys().next().value);
    }
  }

  close() {
    this.node?.end('closed');
  }
}

// ---- Test vectors (§13) -----------------------------------------------------------------------------------------------

/** Holds this module against the vectors of the protocol's page; the names of those that differ. */
export async function checkVectors(vectors) {
  const wrong = [];
  const check = (name, value) => value === vectors[name] || wrong.push(`${name}: ${value}`);
  const bytes = name => unhex(vectors[name]);
  const who = {};
  for (const name of ['node', 'alice', 'bob']) {
    check(`${name}.id`, idText(bytes(`${name}.key`)));
    check(`${name}.key`, hex(idBytes(vectors[`${name}.id`])));
    who[name] = await Identity.ofSeed(bytes(`${name}.seed`), bytes(`${name}.key`));
  }
  if (isGoodKey(bytes('mixed.key'))) {
    wrong.push('mixed.key is taken for a key');
  }
  const proof = async (name, signer, purpose, payload, signature) => {
    check(`${name}.signed`, hex(signedBytes(purpose, payload)));
    check(`${name}.signature`, hex(await signer.sign(purpose, payload)));
    if (!(await verify(signer.id, purpose, payload, signature))) {
      wrong.push(`${name} does not verify`);
    }
  };
  const frame = name => JSON.parse(vectors[name]);
  const hello = { node: idBytes(frame('hello').node), nonce: unbase64url(frame('hello').nonce, 32) };
  const nonce = unbase64url(frame('auth').nonce, 32);
  await proof(
    'peer-proof', who.alice, 'rdv1-peer', peerProof(hello, nonce, frame('auth').url), unbase64url(frame('auth').sig));
  await proof(
    'node-proof', who.node, 'rdv1-node', nodeProof(hello, nonce, who.alice.id), unbase64url(frame('welcome').sig));

  const sealingKey = await SealingKey.ofSecret(bytes('bob.sealing.secret'));
  check('bob.sealing.public', hex(sealingKey.publicKey));
  const its = frame('register').record;
  const record = await readRecord(its, who.bob.id, 0);
  const again = await makeRecord(who.bob, sealingKey.publicKey, record.sequence, record.expiry);
  check('record.payload', hex(unbase64url(again.payload)));
  check('record.signature', hex(unbase64url(again.sig)));
  const node = await readNodeRecord(frame('nodes').records[0], 0);
  const payload = concat(bigEndian(node.expiry, 8), utf8(node.urls.join('\n')));
  await proof('node-record', who.node, 'rdv1-node-record', payload, bytes('node-record.signature'));

  const sealed = bytes('envelope.sealed');
  const envelope = await open(sealed, who.bob.id, sealingKey);
  check('alice.key', hex(envelope.sender));
  check('envelope.session', hex(envelope.session));
  check('envelope.payload', strictDecoder.decode(envelope.payload));
  check('envelope.plain', hex(await hpkeOpen(sealingKey, utf8(ENVELOPE), who.bob.id, sealed)));
  const ephemeral = await SealingKey.ofSecret(bytes('envelope.ephemeral.secret'));
  check('envelope.sealed', hex(await seal(who.alice, who.bob.id, sealingKey.publicKey, { ...envelope, ephemeral })));

  const ids = name => vectors[name].split(' ').map(idBytes);
  const order = await ranking(ids('ranking.peer')[0], ids('ranking.nodes'));
  check('ranking.order', order.map(idText).join(' '));
  return wrong;
}

// ---- The page ---------------------------------------------------------------------------------------------------------

/** Wires up rendezvous.html. All that happens is also an event `rendezvous` of the window, for scripts. */
async function begin(page) {
  const at = id => page.getElementById(id);
  const hear = (kind, text, about = '') => {
    const line = page.createElement('li');
    line.className = kind;
    line.textContent = kind === 'note' ? `${about} says: “${text}”` : text;
    at('log').append(line);
    line.scrollIntoView({ block: 'nearest' });
    window.dispatchEvent(new CustomEvent('rendezvous', { detail: { kind, text, about } }));
  };
  const enable = connected => {
    at('connect').disabled = connected;
    at('send').disabled = !connected;
  };
  let peer;
  try {
    peer = await Peer.create((kind, text, about) => {
      if (kind === 'ended') {
        enable(false);
      }
      hear(kind, text, about);
    });
  } catch (fault) {
    hear('fault', `This browser has no Ed25519 or X25519, or this page is not in a secure context: ${fault.message}`);
    return;
  }
  at('own').value = peer.id;
  hear('ready', 'This page has made a key of its own, which is gone when it is closed.', peer.id);

  at('join').addEventListener('submit', async event => {
    event.preventDefault();
    at('connect').disabled = true;
    try {
      await peer.connect(at('url').value.trim(), at('node').value.trim().toLowerCase());
      enable(true);
      hear('joined', 'Ready. Tell somebody the id above.', peer.id);
    } catch (fault) {
      enable(false);
      hear('fault', `Not connected: ${fault.message}.`);
    }
  });
  at('write').addEventListener('submit', async event => {
    event.preventDefault();
    try {
      await peer.write(at('to').value, at('message').value);
      at('message').value = '';
    } catch (fault) {
      hear('fault', `Not sent: ${fault.message}.`);
    }
  });
  window.addEventListener('pagehide', () => peer.close());
}

if (typeof document !== 'undefined' && document.getElementById('join')) {
  begin(document);
}
