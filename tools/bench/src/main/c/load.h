/*
 * What the load generators share: the clock, a UDP socket that plays many hosts at once, and what a
 * server costs.
 */
#ifndef LOAD_H
#define LOAD_H
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { BATCH = 64, DATAGRAM = 2048 };

static const uint64_t SECOND = 1000000000;

/* A datagram with room for the control message that tells or chooses our address. */
struct datagram {
  uint8_t bytes[DATAGRAM];
  uint32_t length;
  struct sockaddr_in peer;
  uint32_t host; /* the address of ours that it goes to or comes from, in host order */
  struct iovec vector;
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
};

/* One UDP socket with a port of its own on every address of this machine. */
struct port {
  int fd;
  uint16_t number;
  int queued;
  struct datagram incoming[BATCH], outgoing[BATCH];
  struct mmsghdr incomingHeaders[BATCH], outgoingHeaders[BATCH];
};

/* Both end the program with exit code 2, the first with what errno says. */
_Noreturn void fail(const char *what);
_Noreturn void refuse(const char *why);

/* Nanoseconds since some moment. */
uint64_t now(void);

void openPort(struct port *port);

/* Takes what has come, without waiting; says how many datagrams `incoming` holds. */
int take(struct port *port);

/* A place for the next datagram, which goes from `host` to `peer` at the next flush. The caller
 * sets its bytes and length. There are BATCH places. */
struct datagram *put(struct port *port, uint32_t host, const struct sockaddr_in *peer);

/* Sends what was put; says how many of the first were taken, and forgets the others. */
int flush(struct port *port);

uint16_t read16(const uint8_t *bytes);
uint32_t read32(const uint8_t *bytes);

/* Reads "ADDRESS:PORT", an IPv4 one; cuts `text` at the colon. */
struct sockaddr_in readAddress(char *text);

/* Whether load may be sent there: 127.0.0.0/8, and 198.18.0.0/15 (RFC 2544), which is for benchmarks. */
bool isLoopback(uint32_t host);
bool isBenchmark(uint32_t host);

/* Seconds of all the process's threads, those of its ended ones included. */
double cpuSeconds(int pid);
long residentBytes(int pid);
int descriptors(int pid);

#endif
