package dev.architect.cluster;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Delivers on the sender's thread, keeps what was sent, and shows whatever view a test wants. */
final class DirectTransport implements ClusterTransport {

    private final Net net;
    private final String address;
    final List<Collection<String>> peers = new CopyOnWriteArrayList<>();
    final List<byte[]> broadcasts = new CopyOnWriteArrayList<>();
    private volatile Optional<Set<String>> lie = Optional.empty();
    private volatile @Nullable String name;
    private volatile @Nullable Receiver receiver;
    volatile boolean isClosed;
    volatile boolean failsToStart;

    /** The members that reach each other. */
    static final class Net {
        private final Map<String, DirectTransport> members = new ConcurrentHashMap<>();
        private final Set<String> cut = ConcurrentHashMap.newKeySet();

        /** Messages from one to the other are lost from now on. */
        void cut(String from, String to) {
            cut.add(from + ">" + to);
        }

        void heal() {
            cut.clear();
        }

        private void changed() {
            members.values().forEach(DirectTransport::showView);
        }
    }

    DirectTransport(Net net, String address) {
        this.net = net;
        this.address = address;
    }

    @Override
    public void start(String member, Receiver newReceiver) {
        if (failsToStart) {
            throw new dev.architect.error.ArchitectException("port 7800 is taken, expected a free one");
        }
        name = member;
        receiver = newReceiver;
        net.members.put(member, this);
        net.changed();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void peers(Collection<String> addresses) {
        peers.add(List.copyOf(addresses));
    }

    /** Shows these members from now on. */
    void lie(Set<String> members) {
        lie = Optional.of(members);
        showView();
    }

    private void showView() {
        Receiver to = receiver;
        if (to != null) {
            to.onView(view());
        }
    }

    @Override
    public MemberView view() {
        if (name == null || isClosed) {
            return MemberView.NONE;
        }
        return new MemberView(1, lie.orElseGet(() -> new TreeSet<>(net.members.keySet())));
    }

    @Override
    public void send(String member, byte[] message) {
        if (isClosed) {
            throw new IllegalStateException("transport is closed, expected a started one");
        }
        DirectTransport to = net.members.get(member);
        if (to != null && !net.cut.contains(name + ">" + member)) {
            Receiver target = to.receiver;
            if (target != null) {
                target.onMessage(String.valueOf(name), message.clone());
            }
        }
    }

    @Override
    public void broadcast(byte[] message) {
        broadcasts.add(message.clone());
        for (String member : new TreeSet<>(net.members.keySet())) {
            if (!member.equals(name)) {
                send(member, message);
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        String self = name;
        if (self != null && net.members.remove(self, this)) {
            net.changed();
        }
    }
}
