package dev.architect.server.access;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Accepts only requests whose Host header names this server. A page of another site whose name resolves to this machine (DNS
 * rebinding) still sends that name, and is rejected. Immutable.
 */
public final class HostCheck {

    /** The names of the loopback interface. */
    public static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names;

    /** Creates a check that accepts the loopback names and {@code more}. */
    public HostCheck(Set<String> more) {
        Set<String> all = new TreeSet<>(LOOPBACK);
        more.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        this.names = Set.copyOf(all);
    }

    /** Whether {@code host}, a name with or without a port, is one of this server's. */
    public boolean isAllowed(@Nullable String host) {
        return host != null && names.contains(nameOf(host.toLowerCase(Locale.ROOT)));
    }

    private static String nameOf(String host) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']') && host.indexOf(':') >= 0;
        if (!hasPort) {
            return host;
        }
        String port = host.substring(colon + 1);
        return port.matches("[0-9]{1,5}") ? host.substring(0, colon) : host;
    }
}
