// The RTCPeerConnections of a page, by the names that the test gives them. "tell" is the test's.
const peers = {};
const say = (id, kind, value) => tell(JSON.stringify({id, kind, value: String(value)}));

function begin(id, config) {
  const peer = new RTCPeerConnection(config);
  peers[id] = {peer, turn: Promise.resolve()};
  peer.createDataChannel('data');
  // The last one is null, as it is in every generation.
  peer.onicecandidate = event =>
    event.candidate === null ? say(id, 'end', '') : say(id, 'candidate', event.candidate.candidate);
  peer.oniceconnectionstatechange = () => say(id, 'state', peer.iceConnectionState);
  peer.onicecandidateerror = event =>
    say(id, 'fault', `${event.url}: ${event.errorCode} ${event.errorText}`);
}

// One thing after the other.
function take(id, action) {
  const its = peers[id];
  its.turn = its.turn.then(() => action(its.peer)).catch(error => say(id, 'error', error));
}

async function describe(id, peer, description) {
  say(id, 'description', description.sdp);
  await peer.setLocalDescription(description);
}

const offer = (id, iceRestart) =>
  take(id, async peer => describe(id, peer, await peer.createOffer({iceRestart})));

const hear = (id, type, sdp) =>
  take(id, async peer => {
    await peer.setRemoteDescription({type, sdp});
    if (type === 'offer') {
      await describe(id, peer, await peer.createAnswer());
    }
  });

const add = (id, candidate) => take(id, peer => peer.addIceCandidate({candidate, sdpMid: '0'}));

const pair = id =>
  take(id, async peer => {
    const stats = await peer.getStats();
    const transport = [...stats.values()].find(each => each.type === 'transport');
    const selected = stats.get(transport.selectedCandidatePairId);
    if (!selected) {
      say(id, 'pair', 'none; 0; -');
      return;
    }
    const local = stats.get(selected.localCandidateId);
    const remote = stats.get(selected.remoteCandidateId);
    const types = `${local.protocol} ${local.candidateType} ${remote.candidateType}`;
    const words = `${types} ${local.relayProtocol || '-'}`;
    say(id, 'pair', `${words}; ${selected.packetsReceived}; ${local.usernameFragment}`);
  });

const end = id => take(id, peer => peer.close());

const permit = () =>
  navigator.mediaDevices.getUserMedia({audio: true}).then(
    stream => {
      stream.getTracks().forEach(track => track.stop());
      say('', 'permitted', '');
    },
    error => say('', 'error', error));

say('', 'ready', '');
