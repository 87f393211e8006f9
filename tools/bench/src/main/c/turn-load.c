/*
 * Asks a TURN server on this machine for what one core of it gives, and checks everything it relays.
 *
 *   turn-load --server A:P --pid PID [options]
 *     --transport udp|tcp|tls  how the clients reach it (udp)
 *     --user NAME, --password PASSWORD   long-term credentials (bench, bench)
 *     --window N               datagrams under way at most, 1 to 1024 (64)
 *     --requests N             requests under way at most (32)
 *
 * It reads commands, one a line, and answers each with one line of JSON:
 *   setup N           N clients get an allocation and a channel each, those that have one excepted
 *   allocate N        N clients get an allocation each, without a channel
 *   churn SECONDS     allocations made and given back, each at another address than those before
 *   refresh COUNT     so many Refresh requests, over all allocations
 *   release           gives all allocations back
 *   relay up|down SIZE SECONDS   datagrams from the clients to their peers, or back
 *   stand             what the server's process has become
 * At the end of its input it gives everything back.
 *
 * Client i is at 127.32.0.1 + i and talks with 127.64.0.1 + i. Each datagram that is relayed carries
 * its place in the window, a number and a pattern. The receiver compares all of it, and looks whether
 * it came from the relayed address of the right allocation, or from the server with the right channel
 * number. What is not there within a second is lost and not repeated; another takes its place in the
 * window. The generator sends with sendmmsg, but without segmentation offload, which no crowd of
 * clients has. Exit code 0: everything was right; 1: something was not; 2: it could not run.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "load.h"
#include "turn-client.h"

enum {
  MAX_WINDOW = 1024,
  CHURNED = MAX_CLIENTS / 2, /* the clients that come and go at once are behind those that stay */
  STAMP = 20,
  MAX_SIZE = 1400,
  PATTERN = 1 << 13,
};

/* A channel's permission lasts five minutes (RFC 8656 section 9). */
static const uint64_t REBIND_SECONDS = 100;

/* One datagram under way. */
struct slot {
  uint64_t sequence, sent;
  uint32_t client;
  bool busy;
};

static struct {
  struct settings settings;
  uint32_t window, requests;
  int pid;
} option = {.settings = {.user = "bench", .password = "bench"}, .window = 64, .requests = 32};

static struct {
  uint64_t sent, done, lost, bad, late;
} count;

static struct port peers;
static struct slot slots[MAX_WINDOW];
static uint32_t idle[MAX_WINDOW], idleCount;
static uint8_t pattern[PATTERN + MAX_SIZE];
static uint32_t run, first, held, nextClient, size; /* those held are first, first + 1, ... */
static uint64_t bound;
static bool up, allRight = true;

/* --- what is relayed */

static const uint8_t *patternOf(const struct slot *slot) {
  return pattern + (slot->sequence * 61 + slot->client * 7) % PATTERN;
}

static void stamp(uint8_t *bytes, uint32_t index) {
  const struct slot *slot = &slots[index];
  memcpy(bytes, &run, 4);
  memcpy(bytes + 4, &index, 4);
  memcpy(bytes + 8, &slot->sequence, 8);
  memcpy(bytes + 16, &slot->client, 4);
}

static void fill(uint8_t *bytes, uint32_t index) {
  stamp(bytes, index);
  memcpy(bytes + STAMP, patternOf(&slots[index]), size - STAMP);
}

static void sendBatch(void) {
  uint32_t wanted = idleCount < BATCH ? idleCount : BATCH;
  if (wanted == 0) return;
  uint64_t time = now();
  for (uint32_t i = 0; i < wanted; i++) {
    /* The first of the batch lie on top of the stack; those that are not taken stay where they are. */
    uint32_t index = idle[idleCount - 1 - i], client = first + nextClient;
    nextClient = nextClient + 1 == held ? 0 : nextClient + 1;
    struct slot *slot = &slots[index];
    *slot = (struct slot){.sequence = slot->sequence + 1, .sent = time, .client = client, .busy = true};
    if (up) {
      fill(putChannelData(client, size), index);
    } else {
      struct datagram *datagram = put(&peers, peerHost(client), relayedAddress(client));
      datagram->length = size;
      fill(datagram->bytes, index);
    }
  }
  uint32_t sent = up ? sendPut() : flush(&peers);
  for (uint32_t i = sent; i < wanted; i++) slots[idle[idleCount - 1 - i]].busy = false;
  idleCount -= sent;
  count.sent += sent;
}

/* Judges what came for `client`, at the end that it was to come to or at the other. */
static void judge(bool atPeer, uint32_t client, const uint8_t *bytes, uint32_t length, bool fromRight) {
  uint8_t expected[STAMP];
  uint32_t index;
  uint64_t number;
  if (length < STAMP || memcmp(bytes, &run, 4) != 0) {
    count.bad++;
    return;
  }
  memcpy(&index, bytes + 4, 4);
  memcpy(&number, bytes + 8, 8);
  if (index >= option.window) {
    count.bad++;
    return;
  }
  struct slot *slot = &slots[index];
  if (number < slot->sequence || (number == slot->sequence && !slot->busy)) {
    /* Given up before, or there for the second time. */
    count.late++;
    return;
  }
  stamp(expected, index);
  if (atPeer != up || !fromRight || client != slot->client || length != size ||
      memcmp(bytes, expected, STAMP) != 0 || memcmp(bytes + STAMP, patternOf(slot), size - STAMP) != 0) {
    count.bad++;
    return;
  }
  slot->busy = false;
  idle[idleCount++] = index;
  count.done++;
}

static void atClient(uint32_t client, const uint8_t *message, uint32_t length) {
  uint32_t inside = length >= 4 ? read16(message + 2) : 0;
  /* A datagram may have padding behind it. */
  bool framed = length >= 4 && length - 4 >= inside && length - 4 - inside < 4;
  if (framed) {
    judge(false, client, message + 4, inside, read16(message) == channelOf(client));
  } else {
    count.bad++;
  }
}

static void takeAtPeers(void) {
  int received = take(&peers);
  for (int i = 0; i < received; i++) {
    const struct datagram *datagram = &peers.incoming[i];
    uint32_t client = datagram->host - peerHost(0);
    if (client < first || client >= first + held) {
      count.bad++;
      continue;
    }
    const struct sockaddr_in *relayed = relayedAddress(client);
    bool fromRight = datagram->peer.sin_port == relayed->sin_port &&
                     datagram->peer.sin_addr.s_addr == relayed->sin_addr.s_addr;
    judge(true, client, datagram->bytes, datagram->length, fromRight);
  }
}

static void giveUp(uint64_t before) {
  for (uint32_t i = 0; i < option.window; i++) {
    if (slots[i].busy && slots[i].sent < before) {
      slots[i].busy = false;
      idle[idleCount++] = i;
      count.lost++;
    }
  }
}

static void takeAll(void) {
  takeAtPeers();
  takeFromServer();
}

static void relay(double seconds) {
  uint64_t begin = now(), over = begin + (uint64_t)(seconds * SECOND), check = begin;
  for (uint64_t time = begin; time < over; time = now()) {
    /* TLS has to be written out by and by, which taking does. */
    if (!up || option.settings.transport != UDP) takeFromServer();
    if (up) takeAtPeers();
    sendBatch();
    if (time - check > SECOND / 10) {
      check = time;
      takeAll();
      giveUp(time - SECOND);
    }
  }
}

/* What is still under way belongs to the run in which it was sent. */
static void settle(void) {
  uint64_t over = now() + SECOND;
  while (idleCount < option.window && now() < over) takeAll();
  giveUp(UINT64_MAX);
}

/* --- commands */

static void say(const char *what, uint64_t refused, int lastError, double seconds, double cpu) {
  printf("{\"run\": \"%s\", \"held\": %u, \"sent\": %lu, \"done\": %lu, \"lost\": %lu, \"bad\": %lu, \"late\": %lu, "
         "\"refused\": %lu, \"lastError\": %d, \"seconds\": %.4f, \"cpuSeconds\": %.4f, \"residentBytes\": %ld, "
         "\"descriptors\": %d, \"cipher\": \"%s\"}\n",
         what, held, count.sent, count.done, count.lost, count.bad, count.late, refused, lastError, seconds, cpu,
         residentBytes(option.pid), descriptors(option.pid), cipherName());
  fflush(stdout);
  allRight = allRight && count.bad == 0;
}

static struct tally request(const char *what, const char *script, uint32_t first, uint32_t among, uint64_t total,
                            double seconds) {
  double cpu = cpuSeconds(option.pid);
  uint64_t began = now();
  struct tally tally = runScript(script, first, among, total, option.requests, seconds);
  double wall = (double)(now() - began) / SECOND;
  cpu = cpuSeconds(option.pid) - cpu;
  memset(&count, 0, sizeof count);
  count.done = tally.done;
  count.lost = tally.lost;
  count.bad = tally.bad;
  count.late = tally.late;
  if (what) say(what, tally.refused, tally.lastError, wall, cpu);
  return tally;
}

static void hold(const char *what, const char *script, uint32_t wanted) {
  if (wanted <= held) refuse("so many allocations are there already");
  if (first + wanted > CHURNED) refuse("so many allocations are too many");
  uint32_t more = wanted - held;
  uint32_t from = first + held;
  held = wanted;
  request(what, script, from, more, more, 60);
  bound = now();
}

static void runRelay(const char *direction, uint32_t length, double seconds) {
  if (held == 0) refuse("no allocation to relay through");
  if (length < 32 || length > MAX_SIZE) refuse("a datagram is 32 to 1400 bytes");
  if (now() - bound > REBIND_SECONDS * SECOND) {
    request(NULL, "RB", first, held, held, 60);
    bound = now();
  }
  up = strcmp(direction, "up") == 0;
  size = length;
  nextClient = 0;
  memset(&count, 0, sizeof count);
  double cpu = cpuSeconds(option.pid);
  uint64_t began = now();
  relay(seconds);
  double wall = (double)(now() - began) / SECOND;
  settle();
  cpu = cpuSeconds(option.pid) - cpu;
  say(up ? "up" : "down", 0, 0, wall, cpu);
}

static void release(const char *what) {
  if (held == 0) return;
  request(what, "X", first, held, held, 60);
  /* Whoever comes next is at an address where nobody was: a server may remember the last one for a while. */
  first = first + 2 * held > CHURNED ? 0 : first + held;
  held = 0;
}

static void obey(char *line) {
  char direction[8];
  uint32_t number;
  double seconds;
  if (sscanf(line, "relay %7s %u %lf", direction, &number, &seconds) == 3 && seconds <= 600) {
    runRelay(direction, number, seconds);
  } else if (sscanf(line, "setup %u", &number) == 1) {
    hold("setup", "CAB", number);
  } else if (sscanf(line, "allocate %u", &number) == 1) {
    hold("allocate", "CA", number);
  } else if (sscanf(line, "churn %lf", &seconds) == 1 && seconds <= 600) {
    request("churn", "CAX", CHURNED, CHURNED, UINT64_MAX, seconds);
  } else if (sscanf(line, "refresh %u", &number) == 1) {
    request("refresh", "R", first, held, number, 600);
  } else if (strncmp(line, "release", 7) == 0) {
    release("release");
  } else if (strncmp(line, "stand", 5) == 0) {
    memset(&count, 0, sizeof count);
    say("stand", 0, 0, 0, 0);
  } else {
    refuse("no such command");
  }
}

static void readOptions(int argc, char **argv) {
  static const struct option names[] = {{"server", 1, 0, 's'},   {"transport", 1, 0, 't'}, {"user", 1, 0, 'u'},
                                        {"password", 1, 0, 'p'}, {"window", 1, 0, 'w'},    {"requests", 1, 0, 'r'},
                                        {"pid", 1, 0, 'i'},      {0}};
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    switch (name) {
      case 's': option.settings.server = readAddress(optarg); break;
      case 't':
        option.settings.transport = strcmp(optarg, "tls") == 0 ? TLS : strcmp(optarg, "tcp") == 0 ? TCP : UDP;
        break;
      case 'u': option.settings.user = optarg; break;
      case 'p': option.settings.password = optarg; break;
      case 'w': option.window = atoi(optarg); break;
      case 'r': option.requests = atoi(optarg); break;
      case 'i': option.pid = atoi(optarg); break;
      default: exit(2);
    }
  }
  if (!isLoopback(ntohl(option.settings.server.sin_addr.s_addr))) refuse("--server has to be in 127.0.0.0/8");
  if (option.pid <= 0) refuse("--pid is the server's process");
  if (option.window < 1 || option.window > MAX_WINDOW) refuse("--window is 1 to 1024");
  if (option.requests < 1 || option.requests > MAX_WINDOW) refuse("--requests is 1 to 1024");
}

int main(int argc, char **argv) {
  readOptions(argc, argv);
  openPort(&peers);
  option.settings.peerPort = peers.number;
  openClients(&option.settings, atClient);
  if (getrandom(&run, sizeof run, 0) != sizeof run || getrandom(pattern, sizeof pattern, 0) != sizeof pattern) {
    fail("getrandom");
  }
  for (uint32_t i = 0; i < option.window; i++) idle[idleCount++] = i;
  char line[256];
  while (fgets(line, sizeof line, stdin)) obey(line);
  release(NULL);
  return allRight ? 0 : 1;
}
