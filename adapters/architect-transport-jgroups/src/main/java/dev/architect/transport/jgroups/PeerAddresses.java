package dev.architect.transport.jgroups;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jgroups.PhysicalAddress;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/** Where members may be found, from the texts of a host to what discovery uses. Safe for use by several threads. */
final class PeerAddresses {

    /** So many addresses are used. */
    static final int MAX_PEERS = 1_000;

    private static final int MAX_PORT = 65_535;

    private final Notices notices;
    // Guarded by this object's lock.
    private List<PhysicalAddress> addresses = List.of();
    private @Nullable PeerDiscovery discovery;

    PeerAddresses(Notices notices) {
        this.notices = notices;
    }

    void set(Collection<String> texts) {
        List<PhysicalAddress> read = Arguments.notNull("addresses", texts).stream()
                .limit(MAX_PEERS)
                .<PhysicalAddress>map(this::read)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        synchronized (this) {
            addresses = read;
            feed();
        }
    }

    /** Passes the addresses on to {@code newDiscovery} from now on; to none when it is null. */
    synchronized void feed(@Nullable PeerDiscovery newDiscovery) {
        discovery = newDiscovery;
        feed();
    }

    private void feed() {
        if (discovery != null) {
            discovery.peers(addresses);
        }
    }

    private @Nullable IpAddress read(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (host.isEmpty() || port < 1 || port > MAX_PORT) {
                throw new NumberFormatException();
            }
            return new IpAddress(InetAddress.getByName(host), port);
        } catch (NumberFormatException | UnknownHostException malformed) {
            notices.log("peer", text, "peer address '" + text + "' is left out, expected a known host and a port");
            return null;
        }
    }
}
