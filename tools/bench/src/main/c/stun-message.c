#define _GNU_SOURCE
#include "stun-message.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "load.h"

enum { SHA1 = 20, INTEGRITY = 4 + SHA1 };

static const uint32_t MAGIC_COOKIE = 0x2112A442;

static void write16(uint8_t *bytes, uint16_t value) {
  bytes[0] = value >> 8;
  bytes[1] = value;
}

static void write32(uint8_t *bytes, uint32_t value) {
  write16(bytes, value >> 16);
  write16(bytes + 2, value);
}

static uint32_t padded(uint32_t length) { return (length + 3) & ~3u; }

struct message beginMessage(uint8_t *bytes, uint16_t type, const uint8_t id[TRANSACTION_ID]) {
  write16(bytes, type);
  write16(bytes + 2, 0);
  write32(bytes + 4, MAGIC_COOKIE);
  memcpy(bytes + 8, id, TRANSACTION_ID);
  return (struct message){.bytes = bytes, .length = STUN_HEADER};
}

void addBytes(struct message *message, uint16_t type, const void *value, uint16_t length) {
  uint8_t *at = message->bytes + message->length;
  write16(at, type);
  write16(at + 2, length);
  memset(at + 4 + padded(length) - 4, 0, padded(length) ? 4 : 0);
  if (length > 0) memcpy(at + 4, value, length);
  message->length += 4 + padded(length);
  write16(message->bytes + 2, message->length - STUN_HEADER);
}

void addNumber(struct message *message, uint16_t type, uint32_t value) {
  uint8_t bytes[4];
  write32(bytes, value);
  addBytes(message, type, bytes, sizeof bytes);
}

void addAddress(struct message *message, uint16_t type, const struct sockaddr_in *address) {
  uint8_t bytes[8] = {0, 1};
  write16(bytes + 2, ntohs(address->sin_port) ^ MAGIC_COOKIE >> 16);
  write32(bytes + 4, ntohl(address->sin_addr.s_addr) ^ MAGIC_COOKIE);
  addBytes(message, type, bytes, sizeof bytes);
}

static void digest(const uint8_t key[KEY], const uint8_t *bytes, uint32_t length, uint8_t result[SHA1]) {
  if (!HMAC(EVP_sha1(), key, KEY, bytes, length, result, NULL)) refuse("no SHA-1");
}

void addIntegrity(struct message *message, const uint8_t key[KEY]) {
  uint8_t result[SHA1];
  /* The header's length counts the attribute already. */
  write16(message->bytes + 2, message->length + INTEGRITY - STUN_HEADER);
  digest(key, message->bytes, message->length, result);
  addBytes(message, MESSAGE_INTEGRITY, result, SHA1);
}

void longTermKey(const char *user, const char *realm, const char *password, uint8_t key[KEY]) {
  char text[1024];
  int length = snprintf(text, sizeof text, "%s:%s:%s", user, realm, password);
  if (length >= (int)sizeof text || !EVP_Digest(text, length, key, NULL, EVP_md5(), NULL)) refuse("no key");
}

bool isMessage(const uint8_t *bytes, uint32_t length) {
  if (length < STUN_HEADER || read16(bytes + 2) != length - STUN_HEADER || read32(bytes + 4) != MAGIC_COOKIE) {
    return false;
  }
  for (uint32_t at = STUN_HEADER; at < length;) {
    if (length - at < 4 || length - at - 4 < padded(read16(bytes + at + 2))) return false;
    at += 4 + padded(read16(bytes + at + 2));
  }
  return true;
}

const uint8_t *findAttribute(const uint8_t *bytes, uint16_t type, uint16_t *length) {
  uint32_t end = STUN_HEADER + read16(bytes + 2);
  for (uint32_t at = STUN_HEADER; at < end; at += 4 + padded(read16(bytes + at + 2))) {
    if (read16(bytes + at) == type) {
      *length = read16(bytes + at + 2);
      return bytes + at + 4;
    }
  }
  return NULL;
}

bool readXorAddress(const uint8_t *bytes, uint16_t type, struct sockaddr_in *address) {
  uint16_t length;
  const uint8_t *value = findAttribute(bytes, type, &length);
  if (!value || length != 8 || value[1] != 1) return false;
  *address = (struct sockaddr_in){.sin_family = AF_INET,
                                  .sin_port = htons(read16(value + 2) ^ MAGIC_COOKIE >> 16),
                                  .sin_addr.s_addr = htonl(read32(value + 4) ^ MAGIC_COOKIE)};
  return true;
}

bool hasIntegrity(const uint8_t *bytes, const uint8_t key[KEY]) {
  uint8_t covered[DATAGRAM], result[SHA1];
  uint16_t length;
  const uint8_t *value = findAttribute(bytes, MESSAGE_INTEGRITY, &length);
  if (!value || length != SHA1) return false;
  uint32_t before = value - 4 - bytes;
  if (before > sizeof covered) return false;
  memcpy(covered, bytes, before);
  write16(covered + 2, before + INTEGRITY - STUN_HEADER);
  digest(key, covered, before, result);
  return memcmp(result, value, SHA1) == 0;
}

int errorCode(const uint8_t *bytes) {
  uint16_t length;
  const uint8_t *value = findAttribute(bytes, ERROR_CODE, &length);
  return value && length >= 4 ? value[2] % 8 * 100 + value[3] : 0;
}
