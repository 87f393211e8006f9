/*
 * Sends every datagram back as it came, in batches: what UDP on this machine costs a server that
 * does nothing else.
 *
 *   echo ADDRESS PORT        says "ready" when it answers, and runs until it is killed
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, DATAGRAM = 2048, SOCKET_BUFFER = 4 << 20 };

static char bytes[BATCH][DATAGRAM];
static struct sockaddr_in peers[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void echo(int fd) {
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){.iov_base = bytes[i], .iov_len = DATAGRAM};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &peers[i],
                                          .msg_namelen = sizeof peers[i],
                                          .msg_iov = &vectors[i],
                                          .msg_iovlen = 1};
  }
  int received = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
  if (received < 0) {
    if (errno == EINTR) return;
    fail("recvmmsg");
  }
  for (int i = 0; i < received; i++) vectors[i].iov_len = messages[i].msg_len;
  for (int sent = 0; sent < received;) {
    int n = sendmmsg(fd, messages + sent, received - sent, 0);
    /* One that cannot be sent is dropped, as any server would. */
    sent += n > 0 ? n : 1;
  }
}

int main(int argc, char **argv) {
  struct sockaddr_in local = {.sin_family = AF_INET};
  if (argc != 3 || inet_pton(AF_INET, argv[1], &local.sin_addr) != 1) {
    fprintf(stderr, "usage: echo ADDRESS PORT\n");
    return 2;
  }
  local.sin_port = htons(atoi(argv[2]));
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int size = SOCKET_BUFFER;
  if (fd < 0) fail("socket");
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (bind(fd, (struct sockaddr *)&local, sizeof local) < 0) fail("bind");
  puts("ready");
  fflush(stdout);
  for (;;) echo(fd);
}
