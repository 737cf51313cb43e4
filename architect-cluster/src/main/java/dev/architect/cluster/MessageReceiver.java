package dev.architect.cluster;

import dev.architect.cluster.hint.ChangeListeners;
import dev.architect.cluster.message.ChangeHint;
import dev.architect.cluster.message.DocumentHint;
import dev.architect.cluster.message.Envelope;
import dev.architect.cluster.message.Gossip;
import dev.architect.cluster.message.HealthGossip;
import dev.architect.cluster.message.MessageType;
import dev.architect.cluster.message.UnreadableMessageException;
import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;

/** Takes what other nodes send, and hands it to whom it is for. Calls neither the store nor the host but for listeners of changes. */
final class MessageReceiver implements ClusterTransport.Receiver {

    private final Isolation isolation;
    private final ChangeListeners listeners;
    private final GossipBoard board;
    private final SharedConfigurations configurations;
    private final ClusterWatch watch;
    private final GossipRounds gossip;

    MessageReceiver(
            Isolation isolation,
            ChangeListeners listeners,
            GossipBoard board,
            SharedConfigurations configurations,
            ClusterWatch watch,
            GossipRounds gossip) {
        this.isolation = isolation;
        this.listeners = listeners;
        this.board = board;
        this.configurations = configurations;
        this.watch = watch;
        this.gossip = gossip;
    }

    @Override
    public void onMessage(String from, byte[] message) {
        try {
            Envelope envelope = Envelope.read(message);
            if (isolation.admits(from, envelope)) {
                // A type that only newer nodes know is passed over.
                envelope.type().ifPresent(type -> take(from, type, envelope.content()));
            }
        } catch (UnreadableMessageException unreadable) {
            isolation.unreadable(from, String.valueOf(unreadable.getMessage()));
        }
    }

    private void take(String from, MessageType type, byte[] content) {
        switch (type) {
            case CHANGE -> changed(ChangeHint.read(content));
            case DOCUMENT -> {
                DocumentHint hint = DocumentHint.read(content);
                configurations.hinted(hint.name(), hint.version());
                listeners.announce(Change.of(ChangeKind.CLUSTER));
            }
            case GOSSIP -> board.heard(from, Gossip.read(content));
            case HEALTH -> {
                HealthGossip health = HealthGossip.read(content);
                board.heard(from, health.hints());
                gossip.heard(health.hints());
            }
        }
    }

    private void changed(ChangeHint hint) {
        if (hint.kinds().isEmpty()) {
            return;
        }
        if (hint.kinds().contains(ChangeKind.NODE)) {
            watch.changed();
        }
        listeners.announce(new Change(hint.kinds()));
    }

    @Override
    public void onView(MemberView view) {
        watch.changed();
    }
}
