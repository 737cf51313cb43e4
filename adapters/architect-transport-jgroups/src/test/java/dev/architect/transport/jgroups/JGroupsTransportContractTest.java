package dev.architect.transport.jgroups;

import dev.architect.spi.ClusterTransport;
import dev.architect.testkit.cluster.ClusterTransportContract;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jgroups.JChannel;
import org.jgroups.util.Util;

class JGroupsTransportContractTest extends ClusterTransportContract {

    private final List<JGroupsTransport> members = new CopyOnWriteArrayList<>();

    @Override
    protected ClusterTransport newTransport() {
        JGroupsTransport transport = builder().peers(addresses()).build();
        members.add(transport);
        return transport;
    }

    /** The members of the cluster of a test. */
    JGroupsTransport.Builder builder() {
        return JGroupsTransport.builder("contract");
    }

    private List<String> addresses() {
        return members.stream()
                .map(JGroupsTransport::address)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    /** As a node does that reads the registry from time to time. */
    @Override
    protected void deliverPending() {
        members.forEach(member -> member.peers(addresses()));
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    @Override
    protected boolean kill(ClusterTransport transport) {
        JChannel channel = Objects.requireNonNull(((JGroupsTransport) transport).membership())
                .channel();
        try {
            // Discards all messages in both directions, then closes connections and channel without leaving.
            Util.shutdown(channel, false);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        return true;
    }
}
