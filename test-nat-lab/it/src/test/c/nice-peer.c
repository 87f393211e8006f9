/*
 * One libnice agent that is told what to do on standard input and tells what happens on standard
 * output, one line each; every line out begins with the milliseconds since the start.
 *
 *   nice-peer [NAME=VALUE]...
 *     role=controlling|controlled
 *     nomination=regular|aggressive
 *     stun=ADDRESS,PORT
 *     relay=ADDRESS,PORT,USER,PASSWORD,udp|tcp
 *     only=relay|tcp         relayed candidates alone, or those of TCP
 *     tcp=yes                those of TCP, too
 *     consent=yes            consent freshness (RFC 7675)
 *     family=4|6             addresses of this IP version alone
 *
 * Lines out:
 *   credentials UFRAG PASSWORD / candidate SDP / gathered      as they come
 *   state NAME / selected LOCAL-TYPE LOCAL REMOTE-TYPE REMOTE  both each time that they change
 *   received COUNT wrong COUNT                                 once as many came as are expected
 *   sent COUNT / failed WHY
 * Lines in:
 *   credentials UFRAG PASSWORD / candidate SDP / gathered      the partner's
 *   restart                                                    also where the partner did
 *   send COUNT BYTES MILLISECONDS                              numbered, so far apart
 *   expect COUNT BYTES / stop
 */
#include <agent.h>
#include <glib.h>
#include <interfaces.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPONENT = 1, MOST = 65536 };

static NiceAgent *agent;
static GMainLoop *loop;
static guint stream;
static gint64 began;
static gboolean gathered;

static guint number;
static guint last;
static guint size;

static guint expected;
static guint expected_size;
static guint received;
static guint wrong;
static gboolean seen[MOST];

static void say(const char *format, ...) G_GNUC_PRINTF(1, 2);

static void say(const char *format, ...) {
  va_list values;
  printf("%.3f ", (double)(g_get_monotonic_time() - began) / 1000);
  va_start(values, format);
  vprintf(format, values);
  va_end(values);
  putchar('\n');
  fflush(stdout);
}

static void fail(const char *why) {
  say("failed %s", why);
  exit(1);
}

static const char *kind(NiceCandidateType type) {
  return type == NICE_CANDIDATE_TYPE_RELAYED            ? "relay"
         : type == NICE_CANDIDATE_TYPE_HOST             ? "host"
         : type == NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE ? "srflx"
                                                        : "prflx";
}

static void tell_candidate(NiceCandidate *candidate) {
  gchar *sdp = nice_agent_generate_local_candidate_sdp(agent, candidate);
  say("candidate %s", sdp);
  g_free(sdp);
}

static void tell_credentials(void) {
  gchar *ufrag, *password;
  if (!nice_agent_get_local_credentials(agent, stream, &ufrag, &password)) {
    fail("no credentials");
  }
  say("credentials %s %s", ufrag, password);
  g_free(ufrag);
  g_free(password);
}

static void on_candidate(NiceAgent *of, NiceCandidate *candidate, gpointer unused) {
  (void)of, (void)unused;
  tell_candidate(candidate);
}

static void on_gathered(NiceAgent *of, guint its_stream, gpointer unused) {
  (void)of, (void)its_stream, (void)unused;
  gathered = TRUE;
  say("gathered");
}

static void on_state(NiceAgent *of, guint its_stream, guint component, guint state,
                     gpointer unused) {
  (void)of, (void)its_stream, (void)component, (void)unused;
  static const char *const names[] = {"disconnected", "gathering", "connecting",
                                      "connected",    "ready",     "failed"};
  say("state %s", names[state]);
}

static void on_selected(NiceAgent *of, guint its_stream, guint component, NiceCandidate *local,
                        NiceCandidate *remote, gpointer unused) {
  (void)of, (void)its_stream, (void)component, (void)unused;
  gchar own[NICE_ADDRESS_STRING_LEN], other[NICE_ADDRESS_STRING_LEN];
  nice_address_to_string(&local->addr, own);
  nice_address_to_string(&remote->addr, other);
  say("selected %s %s %s %s %s", kind(local->type), own, kind(remote->type), other,
      local->transport == NICE_CANDIDATE_TRANSPORT_UDP ? "udp" : "tcp");
}

static gboolean send_next(gpointer unused) {
  (void)unused;
  if (number == last) {
    say("sent %u", number);
    return G_SOURCE_REMOVE;
  }
  char *datagram = g_malloc(size);
  guint32 told = GUINT32_TO_BE(number);
  memset(datagram, (int)(number & 0xff), size);
  memcpy(datagram, &told, sizeof told);
  if (nice_agent_send(agent, stream, COMPONENT, size, datagram) == (gint)size) {
    number++;
  }
  g_free(datagram);
  return G_SOURCE_CONTINUE;
}

static void count(void) {
  if (expected > 0 && received >= expected) {
    say("received %u wrong %u", received, wrong);
    expected = 0;
  }
}

static void on_data(NiceAgent *from, guint its_stream, guint component, guint length, gchar *data,
                    gpointer unused) {
  (void)from, (void)its_stream, (void)component, (void)unused;
  guint32 told = MOST;
  if (length == expected_size) {
    memcpy(&told, data, sizeof told);
    told = GUINT32_FROM_BE(told);
  }
  gboolean good = told < MOST && !seen[told];
  for (guint i = sizeof told; good && i < length; i++) {
    good = (guchar)data[i] == (told & 0xff);
  }
  if (!good) {
    wrong++;
    return;
  }
  seen[told] = TRUE;
  received++;
  count();
}

static void restart(void) {
  if (!nice_agent_restart(agent)) {
    fail("restarting");
  }
  tell_credentials();
  GSList *candidates = nice_agent_get_local_candidates(agent, stream, COMPONENT);
  for (GSList *at = candidates; at != NULL; at = at->next) {
    tell_candidate(at->data);
  }
  g_slist_free_full(candidates, (GDestroyNotify)nice_candidate_free);
  if (gathered) {
    say("gathered");
  }
}

static void add(const char *sdp) {
  NiceCandidate *its = nice_agent_parse_remote_candidate_sdp(agent, stream, sdp);
  if (its == NULL) {
    say("ignored %s", sdp);
    return;
  }
  GSList *one = g_slist_append(NULL, its);
  if (nice_agent_set_remote_candidates(agent, stream, COMPONENT, one) < 0) {
    fail("the partner's candidate");
  }
  g_slist_free_full(one, (GDestroyNotify)nice_candidate_free);
}

static gboolean on_line(GIOChannel *from, GIOCondition condition, gpointer unused) {
  (void)condition, (void)unused;
  gchar *line = NULL;
  if (g_io_channel_read_line(from, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
  }
  g_strchomp(line);
  guint gap;
  gchar **words = g_strsplit(line, " ", 3);
  if (g_str_has_prefix(line, "credentials ")) {
    if (g_strv_length(words) != 3 ||
        !nice_agent_set_remote_credentials(agent, stream, words[1], words[2])) {
      fail("the partner's credentials");
    }
  } else if (g_str_has_prefix(line, "candidate ")) {
    add(line + strlen("candidate "));
  } else if (strcmp(line, "gathered") == 0) {
    nice_agent_peer_candidate_gathering_done(agent, stream);
  } else if (strcmp(line, "restart") == 0) {
    restart();
  } else if (sscanf(line, "send %u %u %u", &last, &size, &gap) == 3 && size >= sizeof number) {
    number = 0;
    g_timeout_add(gap, send_next, NULL);
  } else if (sscanf(line, "expect %u %u", &expected, &expected_size) == 2) {
    memset(seen, 0, sizeof seen);
    received = wrong = 0;
  } else if (strcmp(line, "stop") == 0) {
    g_main_loop_quit(loop);
  } else {
    fail(line);
  }
  g_strfreev(words);
  g_free(line);
  return G_SOURCE_CONTINUE;
}

static const char *option(int argc, char **argv, const char *name, const char *otherwise) {
  for (int i = 1; i < argc; i++) {
    size_t length = strlen(name);
    if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
      return argv[i] + length + 1;
    }
  }
  return otherwise;
}

/* None that holds on one link alone. */
static void use_addresses(const char *family) {
  GList *all = nice_interfaces_get_local_ips(FALSE);
  for (GList *at = all; at != NULL; at = at->next) {
    NiceAddress address;
    if (!g_str_has_prefix(at->data, "fe80") &&
        nice_address_set_from_string(&address, at->data) &&
        (*family == '\0' || nice_address_ip_version(&address) == atoi(family))) {
      nice_agent_add_local_address(agent, &address);
    }
  }
  g_list_free_full(all, g_free);
}

static void use_servers(const char *stun, const char *relay) {
  gchar **words = g_strsplit(stun, ",", 2);
  if (g_strv_length(words) == 2) {
    g_object_set(agent, "stun-server", words[0], "stun-server-port", (guint)atoi(words[1]), NULL);
  }
  g_strfreev(words);
  words = g_strsplit(relay, ",", 5);
  if (g_strv_length(words) == 5 &&
      !nice_agent_set_relay_info(
          agent, stream, COMPONENT, words[0], (guint)atoi(words[1]), words[2], words[3],
          strcmp(words[4], "tcp") == 0 ? NICE_RELAY_TYPE_TURN_TCP : NICE_RELAY_TYPE_TURN_UDP)) {
    fail("the relay's address");
  }
  g_strfreev(words);
}

int main(int argc, char **argv) {
  const char *only = option(argc, argv, "only", "");
  gboolean tcp = strcmp(only, "tcp") == 0 || *option(argc, argv, "tcp", "") != '\0';
  NiceAgentOption options = NICE_AGENT_OPTION_ICE_TRICKLE;
  if (strcmp(option(argc, argv, "nomination", "regular"), "regular") == 0) {
    options |= NICE_AGENT_OPTION_REGULAR_NOMINATION;
  }
  if (*option(argc, argv, "consent", "") != '\0') {
    options |= NICE_AGENT_OPTION_CONSENT_FRESHNESS;
  }
  began = g_get_monotonic_time();
  loop = g_main_loop_new(NULL, FALSE);
  GMainContext *context = g_main_loop_get_context(loop);
  agent = nice_agent_new_full(context, NICE_COMPATIBILITY_RFC5245, options);
  g_object_set(agent, "controlling-mode",
               strcmp(option(argc, argv, "role", "controlling"), "controlling") == 0, "force-relay",
               strcmp(only, "relay") == 0, "upnp", FALSE, "ice-tcp", tcp, "ice-udp",
               strcmp(only, "tcp") != 0, NULL);
  g_signal_connect(agent, "new-candidate-full", G_CALLBACK(on_candidate), NULL);
  g_signal_connect(agent, "candidate-gathering-done", G_CALLBACK(on_gathered), NULL);
  g_signal_connect(agent, "component-state-changed", G_CALLBACK(on_state), NULL);
  g_signal_connect(agent, "new-selected-pair-full", G_CALLBACK(on_selected), NULL);
  stream = nice_agent_add_stream(agent, COMPONENT);
  use_addresses(option(argc, argv, "family", ""));
  use_servers(option(argc, argv, "stun", ""), option(argc, argv, "relay", ""));
  nice_agent_attach_recv(agent, stream, COMPONENT, context, on_data, NULL);
  g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN | G_IO_HUP, on_line, NULL);
  tell_credentials();
  if (!nice_agent_gather_candidates(agent, stream)) {
    fail("gathering");
  }
  g_main_loop_run(loop);
  say("received %u wrong %u", received, wrong);
  g_object_unref(agent);
  return 0;
}
