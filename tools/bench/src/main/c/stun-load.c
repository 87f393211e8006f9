/*
 * Asks a server on this machine for what one core of it gives, and checks every reply.
 *
 *   stun-load --server A:P [options]
 *     --mode stun|echo   Binding requests, or 20 bytes that must come back as they went (stun)
 *     --clients N        addresses the requests come from, one after the other (4)
 *     --from A           the first of them (127.32.0.1, or 198.18.128.1 for a server in 198.18/15)
 *     --window N         requests under way at most, 1 to 1024 (64)
 *     --rate N           requests a second at most; 0: as many as the window lets through (0)
 *     --warm-up N        requests before anything is counted, for a minute at most (0)
 *     --seconds S        seconds that are counted (3)
 *     --patience S       seconds that a reply may take (1)
 *     --pid PID          the server's process, whose CPU time and memory are to be told
 *
 * Prints one line of JSON. A request without a reply in that time is lost and is not repeated;
 * another takes its place in the window. Exit code 0: every reply was right; 1: at least one was
 * not; 2: it could not run. It sends only to 127.0.0.0/8 and to 198.18.0.0/15 (RFC 2544), which is
 * for benchmarks.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "load.h"

enum {
  REQUEST = 20,
  MAX_WINDOW = 1024,
  MAX_CLIENTS = 1 << 22,
  MAX_MICROS = 1000000,
  BINDING_REQUEST = 0x0001,
  BINDING_SUCCESS = 0x0101,
  XOR_MAPPED_ADDRESS = 0x0020,
};

static const uint32_t MAGIC_COOKIE = 0x2112A442;

/* One request under way. */
struct slot {
  uint8_t request[REQUEST];
  uint64_t sequence; /* counts the requests that this place has had */
  uint64_t sent;     /* nanoseconds */
  uint32_t client;   /* the address it came from, in host order */
  bool busy;
};

static struct {
  struct sockaddr_in server;
  bool echo;
  uint32_t clients, from, window, rate;
  uint64_t warmUp;
  double seconds, patience;
  int pid;
} option = {.clients = 4, .window = 64,
            .seconds = 3, .patience = 1};

static struct {
  uint64_t sent, answered, lost, bad, late;
} count;

static struct slot slots[MAX_WINDOW];
static uint32_t idle[MAX_WINDOW], idleCount;
static struct port port;
static uint32_t latencies[MAX_MICROS];
static uint32_t nonce, nextClient;

static uint64_t patience(void) { return (uint64_t)(option.patience * SECOND); }

/* --- requests */

static void writeRequest(uint32_t index) {
  struct slot *slot = &slots[index];
  slot->sequence++;
  slot->client = option.from + nextClient;
  slot->busy = true;
  nextClient = nextClient + 1 == option.clients ? 0 : nextClient + 1;
  uint16_t type = htons(BINDING_REQUEST), length = 0, place = htons(index);
  uint32_t cookie = htonl(MAGIC_COOKIE);
  memcpy(slot->request, &type, 2);
  memcpy(slot->request + 2, &length, 2);
  memcpy(slot->request + 4, &cookie, 4);
  /* The transaction id: whose run, which place in the window, which of its requests. */
  memcpy(slot->request + 8, &nonce, 4);
  memcpy(slot->request + 12, &place, 2);
  for (int i = 0; i < 6; i++) slot->request[14 + i] = slot->sequence >> (8 * i);
}

static uint32_t ask(uint32_t most) {
  uint32_t wanted = idleCount < most ? idleCount : most;
  if (wanted > BATCH) wanted = BATCH;
  if (wanted == 0) return 0;
  for (uint32_t i = 0; i < wanted; i++) {
    uint32_t index = idle[idleCount - 1 - i];
    writeRequest(index);
    struct datagram *datagram = put(&port, slots[index].client, &option.server);
    memcpy(datagram->bytes, slots[index].request, REQUEST);
    datagram->length = REQUEST;
  }
  uint64_t time = now();
  for (uint32_t i = 0; i < wanted; i++) slots[idle[idleCount - 1 - i]].sent = time;
  uint32_t sent = flush(&port);
  /* The first of the batch lie on top of the stack; those that were not taken stay where they are. */
  for (uint32_t i = sent; i < wanted; i++) slots[idle[idleCount - 1 - i]].busy = false;
  idleCount -= sent;
  count.sent += sent;
  return sent;
}

/* --- replies */

/* Whether a reply to `slot` is a success response that names the address the request came from. */
static bool isRight(const struct slot *slot, const uint8_t *bytes, uint32_t length) {
  if (option.echo) return length == REQUEST && memcmp(bytes, slot->request, REQUEST) == 0;
  if (length < REQUEST || read16(bytes) != BINDING_SUCCESS || read16(bytes + 2) != length - REQUEST ||
      memcmp(bytes + 4, slot->request + 4, REQUEST - 4) != 0) {
    return false;
  }
  bool named = false;
  for (uint32_t at = REQUEST; at < length;) {
    if (length - at < 4) return false;
    uint32_t type = read16(bytes + at), size = read16(bytes + at + 2);
    if (length - at - 4 < ((size + 3) & ~3u)) return false;
    if (type == XOR_MAPPED_ADDRESS) {
      const uint8_t *value = bytes + at + 4;
      named = size == 8 && value[1] == 1 && read16(value + 2) == (port.number ^ MAGIC_COOKIE >> 16) &&
              read32(value + 4) == (slot->client ^ MAGIC_COOKIE);
      if (!named) return false;
    }
    at += 4 + ((size + 3) & ~3u);
  }
  return named;
}

static void judge(const struct datagram *datagram, uint64_t time) {
  const uint8_t *bytes = datagram->bytes;
  uint32_t length = datagram->length;
  bool ours = length >= REQUEST && memcmp(bytes + 8, &nonce, 4) == 0 &&
              read16(bytes + 12) < option.window &&
              datagram->peer.sin_addr.s_addr == option.server.sin_addr.s_addr &&
              datagram->peer.sin_port == option.server.sin_port;
  if (!ours) {
    count.bad++;
    return;
  }
  uint32_t index = read16(bytes + 12);
  struct slot *slot = &slots[index];
  uint64_t sequence = 0;
  for (int i = 0; i < 6; i++) sequence |= (uint64_t)bytes[14 + i] << (8 * i);
  if (sequence < slot->sequence || (sequence == slot->sequence && !slot->busy)) {
    /* Given up before, or the second reply to one request. */
    count.late++;
    return;
  }
  if (!slot->busy || datagram->host != slot->client || !isRight(slot, bytes, length)) {
    count.bad++;
    return;
  }
  uint64_t micros = (time - slot->sent) / 1000;
  latencies[micros < MAX_MICROS ? micros : MAX_MICROS - 1]++;
  slot->busy = false;
  idle[idleCount++] = index;
  count.answered++;
}

static void takeAll(void) {
  int received = take(&port);
  uint64_t time = now();
  for (int i = 0; i < received; i++) judge(&port.incoming[i], time);
}

static void giveUp(uint64_t time) {
  for (uint32_t i = 0; i < option.window; i++) {
    if (slots[i].busy && slots[i].sent + patience() < time) {
      slots[i].busy = false;
      idle[idleCount++] = i;
      count.lost++;
    }
  }
}

/* --- the run */

/* Until the time is over or so many requests were answered. */
static void run(double seconds, uint64_t answers) {
  uint64_t begin = now(), end = begin + (uint64_t)(seconds * SECOND), check = begin, due = 0;
  for (uint64_t time = begin; time < end && count.answered < answers; time = now()) {
    takeAll();
    uint32_t most = BATCH;
    if (option.rate > 0) {
      uint64_t earned = (uint64_t)((double)(time - begin) * option.rate / SECOND) + 1;
      most = earned > due ? earned - due : 0;
    }
    due += ask(most);
    if (time - check > SECOND / 10) {
      check = time;
      giveUp(time);
    }
  }
}

/* Replies that are still under way belong to the window in which they were asked for. */
static void settle(void) {
  uint64_t end = now() + patience();
  while (idleCount < option.window && now() < end) takeAll();
  giveUp(UINT64_MAX);
}

static double quantile(double part) {
  uint64_t rank = (uint64_t)(part * count.answered), seen = 0;
  for (uint32_t i = 0; i < MAX_MICROS; i++) {
    seen += latencies[i];
    if (seen > rank) return i;
  }
  return 0;
}

static void readOptions(int argc, char **argv) {
  static const struct option names[] = {
      {"server", 1, 0, 's'}, {"mode", 1, 0, 'm'},    {"clients", 1, 0, 'c'}, {"from", 1, 0, 'f'},
      {"window", 1, 0, 'w'}, {"rate", 1, 0, 'r'},    {"warm-up", 1, 0, 'u'}, {"seconds", 1, 0, 't'},
      {"pid", 1, 0, 'p'},    {"patience", 1, 0, 'a'}, {0}};
  struct in_addr from = {0};
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (name) {
      case 's': option.server = readAddress(optarg); break;
      case 'm': option.echo = strcmp(optarg, "echo") == 0; break;
      case 'c': option.clients = atoi(optarg); break;
      case 'f':
        if (inet_pton(AF_INET, optarg, &from) != 1) refuse("--from wants an IPv4 address");
        break;
      case 'w': option.window = atoi(optarg); break;
      case 'r': option.rate = atoi(optarg); break;
      case 'u': option.warmUp = strtoull(optarg, NULL, 10); break;
      case 't': option.seconds = atof(optarg); break;
      case 'a': option.patience = atof(optarg); break;
      case 'p': option.pid = atoi(optarg); break;
      default: exit(2);
    }
  }
  uint32_t server = ntohl(option.server.sin_addr.s_addr);
  bool benchmark = isBenchmark(server);
  if (!isLoopback(server) && !benchmark) refuse("--server has to be in 127.0.0.0/8 or 198.18.0.0/15");
  option.from = from.s_addr ? ntohl(from.s_addr) : benchmark ? 0xC6128001u : 0x7F200001u;
  if (option.window < 1 || option.window > MAX_WINDOW) refuse("--window is 1 to 1024");
  if (option.clients < 1 || option.clients > MAX_CLIENTS) refuse("--clients is 1 to 4194304");
  if (option.seconds <= 0 || option.seconds > 600) refuse("--seconds is 600 at most");
  if (option.patience <= 0 || option.patience > 60) refuse("--patience is 60 at most");
}

int main(int argc, char **argv) {
  readOptions(argc, argv);
  openPort(&port);
  if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce) fail("getrandom");
  for (uint32_t i = 0; i < option.window; i++) idle[idleCount++] = i;

  run(60, option.warmUp);
  settle();
  uint64_t warmLost = count.lost, warmBad = count.bad;
  memset(&count, 0, sizeof count);
  memset(latencies, 0, sizeof latencies);
  count.bad = warmBad;

  long residentBefore = option.pid ? residentBytes(option.pid) : 0;
  double cpu = option.pid ? cpuSeconds(option.pid) : 0;
  uint64_t began = now();
  run(option.seconds, UINT64_MAX);
  double wall = (double)(now() - began) / SECOND;
  settle();
  cpu = option.pid ? cpuSeconds(option.pid) - cpu : 0;
  long residentAfter = option.pid ? residentBytes(option.pid) : 0;

  printf("{\"clients\": %u, \"window\": %u, \"seconds\": %.3f, \"sent\": %lu, \"answered\": %lu, \"lost\": %lu, "
         "\"bad\": %lu, \"late\": %lu, \"lostInWarmUp\": %lu, \"cpuSeconds\": %.2f, \"residentBefore\": %ld, "
         "\"residentAfter\": %ld, \"p50Micros\": %.0f, \"p99Micros\": %.0f}\n",
         option.clients, option.window, wall, count.sent, count.answered, count.lost, count.bad, count.late,
         warmLost, cpu, residentBefore, residentAfter, quantile(0.5), quantile(0.99));
  return count.bad == 0 ? 0 : 1;
}
