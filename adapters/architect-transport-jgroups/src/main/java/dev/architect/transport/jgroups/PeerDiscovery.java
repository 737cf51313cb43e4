package dev.architect.transport.jgroups;

import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;

/** Looks for members at addresses that may change while it runs. */
final class PeerDiscovery extends TCPPING {

    /** So many addresses are kept that were learnt from other members. */
    private static final int MAX_LEARNT = 100;

    // Changed in place: the superclass reads its field without a lock.
    private final CopyOnWriteArrayList<PhysicalAddress> hosts = new CopyOnWriteArrayList<>();

    PeerDiscovery() {
        // By the class it derives from: the headers of its messages are those of TCPPING.
        setId(ClassConfigurator.getProtocolId(TCPPING.class));
        initial_hosts = hosts;
        initial_hosts_set_programmatically = true;
        initial_hosts_str = "";
        port_range = 0;
        max_dynamic_hosts = MAX_LEARNT;
        // So that one known member is enough to find the one that lets others join.
        return_entire_cache = true;
    }

    void peers(Collection<? extends PhysicalAddress> addresses) {
        hosts.retainAll(addresses);
        hosts.addAllAbsent(addresses);
    }
}
