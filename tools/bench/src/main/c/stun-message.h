/* STUN messages (RFC 8489) with classic long-term credentials: MD5 for the key, SHA-1 over the message. */
#ifndef STUN_MESSAGE_H
#define STUN_MESSAGE_H
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum {
  STUN_HEADER = 20,
  TRANSACTION_ID = 12,
  KEY = 16,
  SUCCESS = 0x0100,
  ERROR = 0x0110,
  CLASS = 0x0110,

  ALLOCATE = 0x0003,
  REFRESH = 0x0004,
  CHANNEL_BIND = 0x0009,

  USERNAME = 0x0006,
  MESSAGE_INTEGRITY = 0x0008,
  ERROR_CODE = 0x0009,
  CHANNEL_NUMBER = 0x000c,
  LIFETIME = 0x000d,
  XOR_PEER_ADDRESS = 0x0012,
  REALM = 0x0014,
  NONCE = 0x0015,
  XOR_RELAYED_ADDRESS = 0x0016,
  REQUESTED_TRANSPORT = 0x0019,
  XOR_MAPPED_ADDRESS = 0x0020,
};

/* A message that is being written to a buffer with room for it. */
struct message {
  uint8_t *bytes;
  uint32_t length;
};

struct message beginMessage(uint8_t *bytes, uint16_t type, const uint8_t id[TRANSACTION_ID]);
void addBytes(struct message *message, uint16_t type, const void *value, uint16_t length);
void addNumber(struct message *message, uint16_t type, uint32_t value);
void addAddress(struct message *message, uint16_t type, const struct sockaddr_in *address);
void addIntegrity(struct message *message, const uint8_t key[KEY]);

void longTermKey(const char *user, const char *realm, const char *password, uint8_t key[KEY]);

/* Whether the length and every attribute's framing are right. */
bool isMessage(const uint8_t *bytes, uint32_t length);

/* The first attribute of that type, of a message that is one; NULL if it has none. */
const uint8_t *findAttribute(const uint8_t *bytes, uint16_t type, uint16_t *length);
bool readXorAddress(const uint8_t *bytes, uint16_t type, struct sockaddr_in *address);
bool hasIntegrity(const uint8_t *bytes, const uint8_t key[KEY]);

/* The error response's code, 0 if it tells none. */
int errorCode(const uint8_t *bytes);

#endif
