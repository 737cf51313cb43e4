package dev.architect.benchmarks.postgres;

import dev.architect.node.MemberView;
import dev.architect.spi.ClusterTransport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Members within one process: a message is delivered by its sender's thread. What is measured over it is without a network. */
final class LocalTransport implements ClusterTransport {

    private final Map<String, Receiver> members;
    private volatile @Nullable String name;

    /** Creates a member of those that share {@code members}. */
    LocalTransport(Map<String, Receiver> members) {
        this.members = members;
    }

    static Map<String, Receiver> network() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public void start(String member, Receiver receiver) {
        name = member;
        members.put(member, receiver);
        members.values().forEach(other -> other.onView(view()));
    }

    @Override
    public MemberView view() {
        return name == null ? MemberView.NONE : new MemberView(members.size(), members.keySet());
    }

    @Override
    public void send(String member, byte[] message) {
        Receiver receiver = members.get(member);
        if (receiver != null) {
            receiver.onMessage(String.valueOf(name), message);
        }
    }

    @Override
    public void broadcast(byte[] message) {
        for (String member : members.keySet()) {
            if (!member.equals(name)) {
                send(member, message.clone());
            }
        }
    }

    @Override
    public void close() {
        String self = name;
        if (self != null) {
            members.remove(self);
        }
    }
}
