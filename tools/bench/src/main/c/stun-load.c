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
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  BATCH = 64,
  REQUEST = 20,
  DATAGRAM = 2048,
  SOCKET_BUFFER = 8 << 20,
  MAX_WINDOW = 1024,
  MAX_CLIENTS = 1 << 22,
  MAX_MICROS = 1000000,
  BINDING_REQUEST = 0x0001,
  BINDING_SUCCESS = 0x0101,
  XOR_MAPPED_ADDRESS = 0x0020,
};

static const uint32_t MAGIC_COOKIE = 0x2112A442;
static const uint64_t SECOND = 1000000000;

/* One request under way. */
struct slot {
  uint8_t request[REQUEST];
  uint64_t sequence; /* counts the requests that this place has had */
  uint64_t sent;     /* nanoseconds */
  uint32_t client;   /* the address it came from, in host order */
  bool busy;
};

/* A datagram with room for the control message that tells or chooses our address. */
struct datagram {
  uint8_t bytes[DATAGRAM];
  struct sockaddr_in peer;
  struct iovec vector;
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
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
static struct datagram incoming[BATCH], outgoing[BATCH];
static struct mmsghdr incomingHeaders[BATCH], outgoingHeaders[BATCH];
static uint32_t latencies[MAX_MICROS];
static uint32_t nonce, nextClient;
static uint16_t localPort;
static int fd;

static void fail(const char *what) {
  perror(what);
  exit(2);
}

static void refuse(const char *why) {
  fprintf(stderr, "stun-load: %s\n", why);
  exit(2);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

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

static void address(struct datagram *datagram, const struct slot *slot) {
  memcpy(datagram->bytes, slot->request, REQUEST);
  struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(slot->client)};
  memcpy(CMSG_DATA((struct cmsghdr *)datagram->control), &info, sizeof info);
}

static uint32_t ask(uint32_t most) {
  uint32_t wanted = idleCount < most ? idleCount : most;
  if (wanted > BATCH) wanted = BATCH;
  if (wanted == 0) return 0;
  for (uint32_t i = 0; i < wanted; i++) {
    uint32_t index = idle[idleCount - 1 - i];
    writeRequest(index);
    address(&outgoing[i], &slots[index]);
  }
  uint64_t time = now();
  for (uint32_t i = 0; i < wanted; i++) slots[idle[idleCount - 1 - i]].sent = time;
  int sent = sendmmsg(fd, outgoingHeaders, wanted, MSG_DONTWAIT);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) fail("sendmmsg");
    sent = 0;
  }
  /* The first of the batch lie on top of the stack; those that were not taken stay where they are. */
  for (uint32_t i = sent; i < wanted; i++) slots[idle[idleCount - 1 - i]].busy = false;
  idleCount -= sent;
  count.sent += sent;
  return sent;
}

/* --- replies */

static uint16_t read16(const uint8_t *bytes) { return bytes[0] << 8 | bytes[1]; }

static uint32_t read32(const uint8_t *bytes) {
  return (uint32_t)read16(bytes) << 16 | read16(bytes + 2);
}

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
      named = size == 8 && value[1] == 1 && read16(value + 2) == (localPort ^ MAGIC_COOKIE >> 16) &&
              read32(value + 4) == (slot->client ^ MAGIC_COOKIE);
      if (!named) return false;
    }
    at += 4 + ((size + 3) & ~3u);
  }
  return named;
}

static uint32_t sentTo(struct msghdr *header) {
  for (struct cmsghdr *each = CMSG_FIRSTHDR(header); each; each = CMSG_NXTHDR(header, each)) {
    if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(each), sizeof info);
      return ntohl(info.ipi_addr.s_addr);
    }
  }
  return 0;
}

static void judge(struct datagram *datagram, struct mmsghdr *header, uint64_t time) {
  const uint8_t *bytes = datagram->bytes;
  uint32_t length = header->msg_len;
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
  if (!slot->busy || sentTo(&header->msg_hdr) != slot->client || !isRight(slot, bytes, length)) {
    count.bad++;
    return;
  }
  uint64_t micros = (time - slot->sent) / 1000;
  latencies[micros < MAX_MICROS ? micros : MAX_MICROS - 1]++;
  slot->busy = false;
  idle[idleCount++] = index;
  count.answered++;
}

static void take(void) {
  for (int i = 0; i < BATCH; i++) {
    incomingHeaders[i].msg_hdr.msg_namelen = sizeof incoming[i].peer;
    incomingHeaders[i].msg_hdr.msg_controllen = sizeof incoming[i].control;
  }
  int received = recvmmsg(fd, incomingHeaders, BATCH, MSG_DONTWAIT, NULL);
  if (received < 0) {
    if (errno != EAGAIN && errno != EINTR) fail("recvmmsg");
    return;
  }
  uint64_t time = now();
  for (int i = 0; i < received; i++) judge(&incoming[i], &incomingHeaders[i], time);
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

/* --- what the server costs */

/* Seconds of all the server's threads, those of its ended ones included. */
static double cpuSeconds(void) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", option.pid);
  FILE *file = fopen(path, "r");
  if (!file) fail(path);
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  unsigned long user, system;
  /* The name before it may hold anything, parentheses too. */
  char *rest = strrchr(text, ')');
  if (!rest || sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) {
    refuse("cannot read the server's CPU time");
  }
  return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

static long residentBytes(void) {
  char path[64];
  long pages;
  snprintf(path, sizeof path, "/proc/%d/statm", option.pid);
  FILE *file = fopen(path, "r");
  if (!file || fscanf(file, "%*d %ld", &pages) != 1) fail(path);
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

/* --- the run */

/* Until the time is over or so many requests were answered. */
static void run(double seconds, uint64_t answers) {
  uint64_t begin = now(), end = begin + (uint64_t)(seconds * SECOND), check = begin, due = 0;
  for (uint64_t time = begin; time < end && count.answered < answers; time = now()) {
    take();
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
  while (idleCount < option.window && now() < end) take();
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
    char *colon;
    switch (name) {
      case 's':
        colon = strchr(optarg, ':');
        if (!colon) refuse("--server wants ADDRESS:PORT");
        *colon = 0;
        option.server.sin_family = AF_INET;
        option.server.sin_port = htons(atoi(colon + 1));
        if (inet_pton(AF_INET, optarg, &option.server.sin_addr) != 1) refuse("--server wants an IPv4 address");
        break;
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
  bool benchmark = server >> 17 == 0xC6120000u >> 17;
  if (server >> 24 != 127 && !benchmark) refuse("--server has to be in 127.0.0.0/8 or 198.18.0.0/15");
  option.from = from.s_addr ? ntohl(from.s_addr) : benchmark ? 0xC6128001u : 0x7F200001u;
  if (option.window < 1 || option.window > MAX_WINDOW) refuse("--window is 1 to 1024");
  if (option.clients < 1 || option.clients > MAX_CLIENTS) refuse("--clients is 1 to 4194304");
  if (option.seconds <= 0 || option.seconds > 600) refuse("--seconds is 600 at most");
  if (option.patience <= 0 || option.patience > 60) refuse("--patience is 60 at most");
}

static void openSocket(void) {
  int size = SOCKET_BUFFER, on = 1;
  struct sockaddr_in local = {.sin_family = AF_INET};
  socklen_t length = sizeof local;
  fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  /* One socket plays all clients: it says with each datagram from which address it comes. */
  if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0) fail("IP_PKTINFO");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (bind(fd, (struct sockaddr *)&local, sizeof local) < 0) fail("bind");
  if (getsockname(fd, (struct sockaddr *)&local, &length) < 0) fail("getsockname");
  localPort = ntohs(local.sin_port);
}

static void prepare(struct datagram *datagram, struct mmsghdr *header, bool out) {
  datagram->peer = option.server;
  datagram->vector = (struct iovec){.iov_base = datagram->bytes, .iov_len = out ? REQUEST : DATAGRAM};
  header->msg_hdr = (struct msghdr){.msg_name = &datagram->peer,
                                    .msg_namelen = sizeof datagram->peer,
                                    .msg_iov = &datagram->vector,
                                    .msg_iovlen = 1,
                                    .msg_control = datagram->control,
                                    .msg_controllen = sizeof datagram->control};
  if (out) {
    *(struct cmsghdr *)datagram->control = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
  }
}

int main(int argc, char **argv) {
  readOptions(argc, argv);
  openSocket();
  if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce) fail("getrandom");
  for (int i = 0; i < BATCH; i++) {
    prepare(&incoming[i], &incomingHeaders[i], false);
    prepare(&outgoing[i], &outgoingHeaders[i], true);
  }
  for (uint32_t i = 0; i < option.window; i++) idle[idleCount++] = i;

  run(60, option.warmUp);
  settle();
  uint64_t warmLost = count.lost, warmBad = count.bad;
  memset(&count, 0, sizeof count);
  memset(latencies, 0, sizeof latencies);
  count.bad = warmBad;

  long residentBefore = option.pid ? residentBytes() : 0;
  double cpu = option.pid ? cpuSeconds() : 0;
  uint64_t began = now();
  run(option.seconds, UINT64_MAX);
  double wall = (double)(now() - began) / SECOND;
  settle();
  cpu = option.pid ? cpuSeconds() - cpu : 0;
  long residentAfter = option.pid ? residentBytes() : 0;

  printf("{\"clients\": %u, \"window\": %u, \"seconds\": %.3f, \"sent\": %lu, \"answered\": %lu, \"lost\": %lu, "
         "\"bad\": %lu, \"late\": %lu, \"lostInWarmUp\": %lu, \"cpuSeconds\": %.2f, \"residentBefore\": %ld, "
         "\"residentAfter\": %ld, \"p50Micros\": %.0f, \"p99Micros\": %.0f}\n",
         option.clients, option.window, wall, count.sent, count.answered, count.lost, count.bad, count.late,
         warmLost, cpu, residentBefore, residentAfter, quantile(0.5), quantile(0.99));
  return count.bad == 0 ? 0 : 1;
}
