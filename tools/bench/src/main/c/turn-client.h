/*
 * TURN clients by the thousand, each with an address of its own (127.32.0.1 and those after it),
 * over UDP, TCP or TLS, with long-term credentials.
 */
#ifndef TURN_CLIENT_H
#define TURN_CLIENT_H
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum { MAX_CLIENTS = 1 << 18 };

enum transport { UDP, TCP, TLS };

struct settings {
  enum transport transport;
  struct sockaddr_in server;
  const char *user, *password;
  uint16_t peerPort; /* client i talks with 127.64.0.1 + i there, through one channel */
};

/* What a run of requests came to. */
struct tally {
  uint64_t done;    /* clients that got through the whole script */
  uint64_t refused; /* those that got an error response that was not theirs to mend */
  uint64_t lost;    /* those that got none in spite of three requests */
  uint64_t bad;     /* responses that were not right */
  uint64_t late;    /* responses that nobody waited for any more */
  int lastError;    /* the code of the last refusal */
};

/* What to do with ChannelData for client `index`; the message is as long as its header says. */
typedef void onChannelData(uint32_t index, const uint8_t *message, uint32_t length);

void openClients(const struct settings *settings, onChannelData *arrived);

/*
 * Lets clients first, first + 1, ... first + among - 1 and then the first again go through a script,
 * so many at once, until `total` did or the time is over. A script has one letter for each request:
 *   C  Allocate that is to be challenged     A  Allocate     B  ChannelBind
 *   R  Refresh                               X  Refresh with lifetime 0; the connection is closed
 */
struct tally runScript(const char *script, uint32_t first, uint32_t among, uint64_t total, uint32_t window,
                       double seconds);

/* Takes what the server sent, without waiting. */
void takeFromServer(void);

/* Puts what a client sends to its peer: room for `size` bytes behind the header of its channel. The
 * bytes are on their way after sendPut(), which says how many messages were taken: the first ones. */
uint8_t *putChannelData(uint32_t index, uint32_t size);
int sendPut(void);

uint32_t peerHost(uint32_t index);
const struct sockaddr_in *relayedAddress(uint32_t index);
uint16_t channelOf(uint32_t index);

/* How the first client's connection is encrypted. */
const char *cipherName(void);

#endif
