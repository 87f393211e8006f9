// One side of connections by libnice, one after the other, each with an agent of its own. Commands and what it tells are
// those of IcePeer.java, which plays the same part for the engines in Java; a description is SDP with '|' for the ends of
// lines. Arguments: the address of this host, then where they are wanted that of a STUN server, and user and password for
// it as a relay.
#define _POSIX_C_SOURCE 199309L
#include <agent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COMPONENT = 1, GAP_MS = 10, SERVER_PORT = 3478 };
static const char DATUM[] = "a datagram of the application";

static GMainLoop *loop;
static char **arguments;
static int count;
static NiceAgent *agent;
static guint stream, timer, sent;
static gboolean heard, stopped;

static void tell(const char *what, const char *more) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  printf("%s %lld %s\n", what, now.tv_sec * 1000000000LL + now.tv_nsec, more);
  fflush(stdout);
}

static void fail(const char *what) {
  fprintf(stderr, "ice-peer: %s\n", what);
  exit(2);
}

static gboolean send_next(gpointer unused) {
  (void)unused;
  nice_agent_send(agent, stream, COMPONENT, sizeof DATUM - 1, DATUM);
  sent++;
  return G_SOURCE_CONTINUE;
}

static void on_data(NiceAgent *its, guint in, guint component, guint length, gchar *data, gpointer unused) {
  (void)its, (void)in, (void)component, (void)length, (void)data, (void)unused;
  if (!heard) {
    heard = TRUE;
    tell("heard", "");
  }
}

static const char *kind(NiceCandidateType type) {
  static const char *const NAMES[] = {"HOST", "SERVER_REFLEXIVE", "PEER_REFLEXIVE", "RELAYED"};
  return NAMES[type];
}

static void on_state(NiceAgent *its, guint in, guint component, guint state, gpointer unused) {
  (void)in, (void)component, (void)unused;
  if (its != agent) {
    return;
  }
  if (state == NICE_COMPONENT_STATE_CONNECTED || state == NICE_COMPONENT_STATE_READY) {
    NiceCandidate *local, *remote;
    char pair[64] = "";
    if (nice_agent_get_selected_pair(agent, stream, COMPONENT, &local, &remote)) {
      snprintf(pair, sizeof pair, "%s %s", kind(local->type), kind(remote->type));
    }
    tell("path", pair);
    if (timer == 0 && !stopped) {
      send_next(NULL);
      timer = g_timeout_add(GAP_MS, send_next, NULL);
    }
  }
  if (state == NICE_COMPONENT_STATE_READY) {
    tell("final", "");
  } else if (state == NICE_COMPONENT_STATE_FAILED) {
    tell("state", "FAILED");
  }
}

static void on_gathered(NiceAgent *its, guint in, gpointer unused) {
  (void)in, (void)unused;
  gchar *sdp = nice_agent_generate_local_sdp(its);
  for (char *c = sdp; *c; c++) {
    if (*c == '\n') {
      *c = '|';
    }
  }
  tell("description", sdp);
  g_free(sdp);
}

static NiceAgent *begin(gboolean controls, guint *its) {
  NiceAgent *fresh = nice_agent_new(g_main_loop_get_context(loop), NICE_COMPATIBILITY_RFC5245);
  g_object_set(fresh, "controlling-mode", controls, "upnp", FALSE, "ice-tcp", FALSE, NULL);
  if (count > 2) {
    g_object_set(fresh, "stun-server", arguments[2], "stun-server-port", (guint)SERVER_PORT, NULL);
  }
  NiceAddress own;
  nice_address_init(&own);
  if (!nice_address_set_from_string(&own, arguments[1]) || !nice_agent_add_local_address(fresh, &own)) {
    fail("the address");
  }
  g_signal_connect(fresh, "candidate-gathering-done", G_CALLBACK(on_gathered), NULL);
  g_signal_connect(fresh, "component-state-changed", G_CALLBACK(on_state), NULL);
  *its = nice_agent_add_stream(fresh, COMPONENT);
  nice_agent_set_stream_name(fresh, *its, "application");
  if (count > 4 && !nice_agent_set_relay_info(fresh, *its, COMPONENT, arguments[2], SERVER_PORT, arguments[3],
                                              arguments[4], NICE_RELAY_TYPE_TURN_UDP)) {
    fail("the relay");
  }
  nice_agent_attach_recv(fresh, *its, COMPONENT, g_main_loop_get_context(loop), on_data, NULL);
  return fresh;
}

static void stop(void) {
  stopped = TRUE;
  if (timer != 0) {
    g_source_remove(timer);
    timer = 0;
    char text[16];
    snprintf(text, sizeof text, "%u", sent);
    tell("sent", text);
  }
}

static void on_closed(GObject *its, GAsyncResult *result, gpointer unused) {
  (void)result, (void)unused;
  g_object_unref(its);
}

/** Gives allocations back before it goes. */
static void end(NiceAgent *its) {
  nice_agent_close_async(its, on_closed, NULL);
}

static void take(char *line) {
  if (g_str_has_prefix(line, "open ")) {
    heard = stopped = FALSE;
    sent = 0;
    agent = begin(strcmp(line + 5, "CONTROLLING") == 0, &stream);
    if (!nice_agent_gather_candidates(agent, stream)) {
      fail("gathering");
    }
  } else if (g_str_has_prefix(line, "remote ")) {
    g_strdelimit(line, "|", '\n');
    if (nice_agent_parse_remote_sdp(agent, line + 7) < 0) {
      fail("the partner's description");
    }
  } else if (strcmp(line, "stop") == 0) {
    stop();
  } else if (strcmp(line, "close") == 0) {
    stop();
    if (agent != NULL) {
      end(agent);
      agent = NULL;
    }
    tell("closed", "");
  } else {
    fail(line);
  }
}

static gboolean on_line(GIOChannel *from, GIOCondition condition, gpointer unused) {
  (void)condition, (void)unused;
  gchar *line = NULL;
  if (g_io_channel_read_line(from, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
    g_main_loop_quit(loop);
    return G_SOURCE_REMOVE;
  }
  g_strchomp(line);
  take(line);
  g_free(line);
  // What else came with it stands in the channel's buffer, where no poll sees it.
  while (g_io_channel_get_buffer_condition(from) & G_IO_IN) {
    if (g_io_channel_read_line(from, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL) {
      break;
    }
    g_strchomp(line);
    take(line);
    g_free(line);
  }
  return G_SOURCE_CONTINUE;
}

int main(int argc, char **argv) {
  arguments = argv;
  count = argc;
  loop = g_main_loop_new(NULL, FALSE);
  GIOChannel *in = g_io_channel_unix_new(0);
  g_io_add_watch(in, G_IO_IN | G_IO_HUP, on_line, NULL);
  printf("ready\n");
  fflush(stdout);
  g_main_loop_run(loop);
  return 0;
}
