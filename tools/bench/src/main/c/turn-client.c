#define _GNU_SOURCE
#include "turn-client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "load.h"
#include "stun-message.h"

enum {
  FIRST_HOST = 0x7F200001,
  FIRST_PEER = 0x7F400001,
  FIRST_CHANNEL = 0x4000,
  CHANNELS = 0x1000,
  CHANNEL_HEADER = 4,
  UDP_PROTOCOL = 17,
  UNAUTHORIZED = 401,
  STALE_NONCE = 438,
  TRIES = 3,
  STREAM_IN = 1 << 15,
  STREAM_OUT = 1 << 18,
};

/* A client's connection. */
struct stream {
  int fd;
  SSL *ssl;
  struct sockaddr_in local;
  uint32_t inLength, outLength;
  uint8_t in[STREAM_IN], out[STREAM_OUT];
};

struct client {
  struct sockaddr_in relayed;
  char *nonce;
  uint16_t nonceLength;
  const char *step; /* where in the script it is; NULL: it waits for nothing */
  uint8_t tries;
  uint8_t id[TRANSACTION_ID];
  uint64_t sent;
  struct stream *stream;
};

static struct settings settings;
static onChannelData *arrived;
static struct client clients[MAX_CLIENTS];
static struct port port;
static int epoll;
static SSL_CTX *tls;
static uint32_t withOutput; /* streams that could not send everything */
static char realm[256];
static uint8_t key[KEY];
static uint32_t run, sequence;
static struct tally tally;
static uint32_t active;
static struct {
  uint32_t index;
  uint8_t *bytes;
  uint32_t length;
} frames[BATCH];
static uint8_t streamBytes[BATCH][DATAGRAM];
static int putCount;

static uint32_t hostOf(uint32_t index) { return FIRST_HOST + index; }

uint32_t peerHost(uint32_t index) { return FIRST_PEER + index; }

const struct sockaddr_in *relayedAddress(uint32_t index) { return &clients[index].relayed; }

uint16_t channelOf(uint32_t index) { return FIRST_CHANNEL + index % CHANNELS; }

static uint32_t padded(uint32_t length) { return (length + 3) & ~3u; }

void openClients(const struct settings *chosen, onChannelData *callback) {
  settings = *chosen;
  arrived = callback;
  if (getrandom(&run, sizeof run, 0) != sizeof run) fail("getrandom");
  if (settings.transport == UDP) {
    openPort(&port);
    return;
  }
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) fail("epoll_create1");
  if (settings.transport == TLS) {
    tls = SSL_CTX_new(TLS_client_method());
    if (!tls) refuse("no TLS");
    /* Nobody is there to be mistaken for another: it is this machine's loopback. */
    SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_mode(tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  }
}

/* --- connections */

static struct stream *connectStream(uint32_t index) {
  struct stream *stream = malloc(sizeof *stream);
  if (!stream) fail("malloc");
  stream->inLength = stream->outLength = 0;
  stream->ssl = NULL;
  stream->local = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(hostOf(index))};
  socklen_t length = sizeof stream->local;
  int on = 1;
  stream->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (stream->fd < 0) fail("socket");
  setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (bind(stream->fd, (struct sockaddr *)&stream->local, sizeof stream->local) < 0) fail("bind");
  if (connect(stream->fd, (const struct sockaddr *)&settings.server, sizeof settings.server) < 0) fail("connect");
  if (getsockname(stream->fd, (struct sockaddr *)&stream->local, &length) < 0) fail("getsockname");
  if (tls) {
    stream->ssl = SSL_new(tls);
    if (!stream->ssl || !SSL_set_fd(stream->ssl, stream->fd) || SSL_connect(stream->ssl) != 1) {
      ERR_print_errors_fp(stderr);
      refuse("no TLS with the server");
    }
  }
  if (fcntl(stream->fd, F_SETFL, O_NONBLOCK) < 0) fail("O_NONBLOCK");
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, stream->fd, &event) < 0) fail("epoll_ctl");
  return stream;
}

static void closeStream(struct client *client) {
  struct stream *stream = client->stream;
  if (!stream) return;
  if (stream->outLength > 0) withOutput--;
  if (stream->ssl) {
    SSL_shutdown(stream->ssl);
    SSL_free(stream->ssl);
  }
  close(stream->fd);
  free(stream);
  client->stream = NULL;
}

/* Bytes written, 0 if it would wait. */
static uint32_t writeSome(struct stream *stream, const uint8_t *bytes, uint32_t length) {
  if (stream->ssl) {
    int written = SSL_write(stream->ssl, bytes, length);
    if (written > 0) return written;
    if (SSL_get_error(stream->ssl, written) != SSL_ERROR_WANT_WRITE) refuse("the server ended a TLS connection");
    return 0;
  }
  ssize_t written = send(stream->fd, bytes, length, MSG_NOSIGNAL);
  if (written < 0 && errno != EAGAIN) fail("send");
  return written < 0 ? 0 : written;
}

static void writeStream(struct stream *stream, const uint8_t *bytes, uint32_t length) {
  uint32_t written = stream->outLength == 0 ? writeSome(stream, bytes, length) : 0;
  if (written == length) return;
  if (stream->outLength + length - written > STREAM_OUT) refuse("the server does not read");
  if (stream->outLength == 0) withOutput++;
  memcpy(stream->out + stream->outLength, bytes + written, length - written);
  stream->outLength += length - written;
}

static void writeRest(struct stream *stream) {
  uint32_t written = writeSome(stream, stream->out, stream->outLength);
  stream->outLength -= written;
  memmove(stream->out, stream->out + written, stream->outLength);
  if (stream->outLength == 0) withOutput--;
}

/* --- requests */

static void write16(uint8_t *bytes, uint16_t value) {
  bytes[0] = value >> 8;
  bytes[1] = value;
}

static uint16_t methodOf(char step) { return step == 'B' ? CHANNEL_BIND : step == 'C' || step == 'A' ? ALLOCATE : REFRESH; }

static void addCredentials(struct message *message, const struct client *client) {
  addBytes(message, USERNAME, settings.user, strlen(settings.user));
  addBytes(message, REALM, realm, strlen(realm));
  addBytes(message, NONCE, client->nonce, client->nonceLength);
  addIntegrity(message, key);
}

static uint32_t writeRequest(uint32_t index, uint8_t *bytes) {
  const struct client *client = &clients[index];
  char step = *client->step;
  struct message message = beginMessage(bytes, methodOf(step), client->id);
  if (step == 'C' || step == 'A') addNumber(&message, REQUESTED_TRANSPORT, UDP_PROTOCOL << 24);
  if (step == 'X') addNumber(&message, LIFETIME, 0);
  if (step == 'B') {
    struct sockaddr_in peer = {.sin_family = AF_INET,
                               .sin_port = htons(settings.peerPort),
                               .sin_addr.s_addr = htonl(peerHost(index))};
    addNumber(&message, CHANNEL_NUMBER, (uint32_t)channelOf(index) << 16);
    addAddress(&message, XOR_PEER_ADDRESS, &peer);
  }
  if (step != 'C') addCredentials(&message, client);
  return message.length;
}

static void sendRequest(uint32_t index) {
  struct client *client = &clients[index];
  client->sent = now();
  client->tries++;
  if (settings.transport == UDP) {
    if (port.queued == BATCH) flush(&port); /* one that is not taken is sent again later */
    struct datagram *datagram = put(&port, hostOf(index), &settings.server);
    datagram->length = writeRequest(index, datagram->bytes);
  } else {
    uint8_t bytes[DATAGRAM];
    if (!client->stream) client->stream = connectStream(index);
    writeStream(client->stream, bytes, writeRequest(index, bytes));
  }
}

static void beginStep(uint32_t index) {
  struct client *client = &clients[index];
  memcpy(client->id, &run, 4);
  memcpy(client->id + 4, &index, 4);
  sequence++;
  memcpy(client->id + 8, &sequence, 4);
  client->tries = 0;
  sendRequest(index);
}

static void end(struct client *client, uint64_t *counter) {
  client->step = NULL;
  active--;
  (*counter)++;
}

/* --- responses */

static bool keepNonce(struct client *client, const uint8_t *bytes) {
  uint16_t length;
  const uint8_t *nonce = findAttribute(bytes, NONCE, &length);
  if (!nonce || length > 763) return false;
  free(client->nonce);
  client->nonce = malloc(length);
  if (!client->nonce) fail("malloc");
  memcpy(client->nonce, nonce, length);
  client->nonceLength = length;
  return true;
}

static bool keepChallenge(struct client *client, const uint8_t *bytes) {
  uint16_t length;
  const uint8_t *value = findAttribute(bytes, REALM, &length);
  if (!value || length == 0 || length >= sizeof realm || !keepNonce(client, bytes)) return false;
  if (realm[0]) return strlen(realm) == length && memcmp(realm, value, length) == 0;
  memcpy(realm, value, length);
  longTermKey(settings.user, realm, settings.password, key);
  return true;
}

static bool same(const struct sockaddr_in *a, const struct sockaddr_in *b) {
  return a->sin_port == b->sin_port && a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* Whether the mapped address is the client's own and the relayed one can be used. */
static bool keepAllocation(uint32_t index, const uint8_t *bytes) {
  struct client *client = &clients[index];
  struct sockaddr_in mapped, own = {.sin_port = htons(port.number), .sin_addr.s_addr = htonl(hostOf(index))};
  if (client->stream) own = client->stream->local;
  return readXorAddress(bytes, XOR_MAPPED_ADDRESS, &mapped) && same(&mapped, &own) &&
         readXorAddress(bytes, XOR_RELAYED_ADDRESS, &client->relayed) && client->relayed.sin_port != 0 &&
         isLoopback(ntohl(client->relayed.sin_addr.s_addr));
}

static bool keepSuccess(uint32_t index, const uint8_t *bytes) {
  uint16_t length;
  char step = *clients[index].step;
  if (step == 'C' || !hasIntegrity(bytes, key)) return false;
  if (step == 'A') return keepAllocation(index, bytes);
  const uint8_t *lifetime = findAttribute(bytes, LIFETIME, &length);
  if (step == 'R') return lifetime && length == 4 && read32(lifetime) > 0;
  return true;
}

static void advance(uint32_t index) {
  struct client *client = &clients[index];
  if (*client->step == 'X') {
    free(client->nonce);
    client->nonce = NULL;
    client->nonceLength = 0;
    closeStream(client);
  }
  if (*++client->step) {
    beginStep(index);
  } else {
    end(client, &tally.done);
  }
}

static void onResponse(uint32_t index, const uint8_t *bytes, uint32_t length) {
  struct client *client = &clients[index];
  if (!isMessage(bytes, length)) {
    tally.bad++;
    return;
  }
  if (!client->step || memcmp(bytes + 8, client->id, TRANSACTION_ID) != 0) {
    tally.late++;
    return;
  }
  uint16_t type = read16(bytes), method = methodOf(*client->step);
  int code = type == (method | ERROR) ? errorCode(bytes) : 0;
  bool challenge = *client->step == 'C' && code == UNAUTHORIZED;
  if (challenge ? keepChallenge(client, bytes) : type == (method | SUCCESS) && keepSuccess(index, bytes)) {
    advance(index);
  } else if (code == STALE_NONCE && client->tries < TRIES && keepNonce(client, bytes)) {
    uint8_t tries = client->tries;
    beginStep(index);
    client->tries += tries;
  } else if (code != 0 && !challenge) {
    tally.lastError = code;
    end(client, &tally.refused);
  } else {
    end(client, &tally.bad);
  }
}

/* --- what comes */

static void onMessage(uint32_t index, const uint8_t *bytes, uint32_t length) {
  if (length > 0 && bytes[0] >> 6 == 1) {
    arrived(index, bytes, length);
  } else {
    onResponse(index, bytes, length);
  }
}

static void takeDatagrams(void) {
  int received = take(&port);
  for (int i = 0; i < received; i++) {
    const struct datagram *datagram = &port.incoming[i];
    uint32_t index = datagram->host - FIRST_HOST;
    if (index >= MAX_CLIENTS || !same(&datagram->peer, &settings.server)) {
      tally.bad++;
    } else {
      onMessage(index, datagram->bytes, datagram->length);
    }
  }
}

static void readFrames(uint32_t index, struct stream *stream) {
  uint32_t at = 0;
  /* The connection is closed, and the stream gone, once the last response was taken. */
  while (clients[index].stream && stream->inLength - at >= CHANNEL_HEADER) {
    const uint8_t *frame = stream->in + at;
    bool channelData = frame[0] >> 6 == 1;
    uint32_t length = read16(frame + 2) + (channelData ? CHANNEL_HEADER : STUN_HEADER);
    if (padded(length) > STREAM_IN) refuse("the server sent what is no frame");
    if (stream->inLength - at < padded(length)) break;
    at += padded(length);
    onMessage(index, frame, length);
  }
  if (!clients[index].stream) return;
  stream->inLength -= at;
  memmove(stream->in, stream->in + at, stream->inLength);
}

static void readStream(uint32_t index) {
  struct stream *stream = clients[index].stream;
  do {
    uint32_t room = STREAM_IN - stream->inLength;
    ssize_t received = stream->ssl ? SSL_read(stream->ssl, stream->in + stream->inLength, room)
                                   : recv(stream->fd, stream->in + stream->inLength, room, 0);
    if (received <= 0) {
      if (stream->ssl ? SSL_get_error(stream->ssl, received) == SSL_ERROR_WANT_READ
                      : received < 0 && errno == EAGAIN) {
        return;
      }
      refuse("the server ended a connection");
    }
    stream->inLength += received;
    readFrames(index, stream);
  } while (clients[index].stream && stream->ssl);
}

void takeFromServer(void) {
  if (settings.transport == UDP) {
    takeDatagrams();
    return;
  }
  for (uint32_t i = 0; withOutput > 0 && i < MAX_CLIENTS; i++) {
    if (clients[i].stream && clients[i].stream->outLength > 0) writeRest(clients[i].stream);
  }
  struct epoll_event events[BATCH];
  int ready = epoll_wait(epoll, events, BATCH, 0);
  if (ready < 0 && errno != EINTR) fail("epoll_wait");
  for (int i = 0; i < ready; i++) readStream(events[i].data.u32);
}

/* --- scripts */

static void repeatOrGiveUp(uint32_t first, uint32_t among, uint64_t time) {
  for (uint32_t i = first; i < first + among; i++) {
    struct client *client = &clients[i];
    if (!client->step || client->sent + SECOND > time) continue;
    if (client->tries < TRIES && settings.transport == UDP) {
      sendRequest(i);
    } else if (settings.transport == UDP || client->sent + TRIES * SECOND < time) {
      end(client, &tally.lost);
    }
  }
}

struct tally runScript(const char *script, uint32_t first, uint32_t among, uint64_t total, uint32_t window,
                       double seconds) {
  if (among == 0 || first + among > MAX_CLIENTS) refuse("so many clients are too many or none");
  if (window > among) window = among;
  uint64_t started = 0, check = now(), over = check + (uint64_t)(seconds * SECOND);
  uint32_t next = 0;
  memset(&tally, 0, sizeof tally);
  active = 0;
  bool more = true;
  while (more || active > 0) {
    uint64_t time = now();
    more = started < total && time < over;
    while (more && active < window && started < total) {
      struct client *client = &clients[first + next];
      uint32_t index = first + next;
      next = next + 1 == among ? 0 : next + 1;
      if (client->step) continue;
      client->step = script;
      active++;
      started++;
      beginStep(index);
    }
    if (settings.transport == UDP) flush(&port);
    takeFromServer();
    if (time - check > SECOND / 4) {
      check = time;
      repeatOrGiveUp(first, among, time);
    }
  }
  return tally;
}

/* --- data */

uint8_t *putChannelData(uint32_t index, uint32_t size) {
  uint8_t *bytes;
  if (settings.transport == UDP) {
    struct datagram *datagram = put(&port, hostOf(index), &settings.server);
    datagram->length = CHANNEL_HEADER + size;
    bytes = datagram->bytes;
  } else {
    bytes = streamBytes[putCount];
    memset(bytes + CHANNEL_HEADER + padded(size) - 4, 0, 4);
    frames[putCount].index = index;
    frames[putCount].bytes = bytes;
    frames[putCount++].length = CHANNEL_HEADER + padded(size);
  }
  write16(bytes, channelOf(index));
  write16(bytes + 2, size);
  return bytes + CHANNEL_HEADER;
}

int sendPut(void) {
  if (settings.transport == UDP) return flush(&port);
  int count = putCount;
  for (int i = 0; i < count; i++) writeStream(clients[frames[i].index].stream, frames[i].bytes, frames[i].length);
  putCount = 0;
  return count;
}

const char *cipherName(void) {
  struct stream *stream = clients[0].stream;
  return stream && stream->ssl ? SSL_get_cipher_name(stream->ssl) : "";
}
