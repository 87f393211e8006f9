#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SOCKET_BUFFER = 8 << 20 };

_Noreturn void fail(const char *what) {
  perror(what);
  exit(2);
}

_Noreturn void refuse(const char *why) {
  fprintf(stderr, "%s: %s\n", program_invocation_short_name, why);
  exit(2);
}

uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

/* --- datagrams */

static void prepare(struct datagram *datagram, struct mmsghdr *header) {
  datagram->vector = (struct iovec){.iov_base = datagram->bytes, .iov_len = DATAGRAM};
  header->msg_hdr = (struct msghdr){.msg_name = &datagram->peer,
                                    .msg_namelen = sizeof datagram->peer,
                                    .msg_iov = &datagram->vector,
                                    .msg_iovlen = 1,
                                    .msg_control = datagram->control,
                                    .msg_controllen = sizeof datagram->control};
}

void openPort(struct port *port) {
  int size = SOCKET_BUFFER, on = 1;
  struct sockaddr_in local = {.sin_family = AF_INET};
  socklen_t length = sizeof local;
  port->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (port->fd < 0) fail("socket");
  /* It says with each datagram from which address it comes. */
  if (setsockopt(port->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0) fail("IP_PKTINFO");
  setsockopt(port->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(port->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (bind(port->fd, (struct sockaddr *)&local, sizeof local) < 0) fail("bind");
  if (getsockname(port->fd, (struct sockaddr *)&local, &length) < 0) fail("getsockname");
  port->number = ntohs(local.sin_port);
  port->queued = 0;
  for (int i = 0; i < BATCH; i++) {
    prepare(&port->incoming[i], &port->incomingHeaders[i]);
    prepare(&port->outgoing[i], &port->outgoingHeaders[i]);
    *(struct cmsghdr *)port->outgoing[i].control = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo)), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
  }
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

int take(struct port *port) {
  for (int i = 0; i < BATCH; i++) {
    port->incomingHeaders[i].msg_hdr.msg_namelen = sizeof port->incoming[i].peer;
    port->incomingHeaders[i].msg_hdr.msg_controllen = sizeof port->incoming[i].control;
  }
  int received = recvmmsg(port->fd, port->incomingHeaders, BATCH, MSG_DONTWAIT, NULL);
  if (received < 0) {
    if (errno != EAGAIN && errno != EINTR) fail("recvmmsg");
    return 0;
  }
  for (int i = 0; i < received; i++) {
    port->incoming[i].length = port->incomingHeaders[i].msg_len;
    port->incoming[i].host = sentTo(&port->incomingHeaders[i].msg_hdr);
  }
  return received;
}

struct datagram *put(struct port *port, uint32_t host, const struct sockaddr_in *peer) {
  struct datagram *datagram = &port->outgoing[port->queued++];
  datagram->peer = *peer;
  datagram->host = host;
  struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(host)};
  memcpy(CMSG_DATA((struct cmsghdr *)datagram->control), &info, sizeof info);
  return datagram;
}

int flush(struct port *port) {
  int wanted = port->queued;
  if (wanted == 0) return 0;
  port->queued = 0;
  for (int i = 0; i < wanted; i++) port->outgoing[i].vector.iov_len = port->outgoing[i].length;
  int sent = sendmmsg(port->fd, port->outgoingHeaders, wanted, MSG_DONTWAIT);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) fail("sendmmsg");
    sent = 0;
  }
  return sent;
}

uint16_t read16(const uint8_t *bytes) { return bytes[0] << 8 | bytes[1]; }

uint32_t read32(const uint8_t *bytes) {
  return (uint32_t)read16(bytes) << 16 | read16(bytes + 2);
}

struct sockaddr_in readAddress(char *text) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  char *colon = strchr(text, ':');
  if (!colon) refuse("an address is ADDRESS:PORT");
  *colon = 0;
  address.sin_port = htons(atoi(colon + 1));
  if (inet_pton(AF_INET, text, &address.sin_addr) != 1) refuse("an address is an IPv4 address");
  return address;
}

bool isLoopback(uint32_t host) { return host >> 24 == 127; }

bool isBenchmark(uint32_t host) { return host >> 17 == 0xC6120000u >> 17; }

/* --- what a server costs */

double cpuSeconds(int pid) {
  clockid_t clock;
  struct timespec time;
  /* The sum that /proc/PID/stat tells in hundredths. */
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) {
    refuse("cannot read the server's CPU time");
  }
  return time.tv_sec + (double)time.tv_nsec / SECOND;
}

long residentBytes(int pid) {
  char path[64];
  long pages;
  snprintf(path, sizeof path, "/proc/%d/statm", pid);
  FILE *file = fopen(path, "r");
  if (!file || fscanf(file, "%*d %ld", &pages) != 1) fail(path);
  fclose(file);
  return pages * sysconf(_SC_PAGESIZE);
}

int descriptors(int pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd", pid);
  DIR *directory = opendir(path);
  if (!directory) fail(path);
  int count = 0;
  while (readdir(directory)) count++;
  closedir(directory);
  return count - 2; /* . and .. */
}
