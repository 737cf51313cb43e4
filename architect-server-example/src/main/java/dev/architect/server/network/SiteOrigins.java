package dev.architect.server.network;

import dev.architect.runtime.PublicOrigin;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names and origins of this server: the public ones, which proxies with TLS serve, and those under which it is reached over
 * plain HTTP. A request for any other host is one that a page of another site made, whose name resolves to this machine (DNS
 * rebinding). Immutable.
 */
public final class SiteOrigins {

    /** The names of the loopback interface. */
    public static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT_DIGITS = 5;

    private final List<PublicOrigin> origins;
    private final Set<String> plainNames;
    private final ProxyTrust proxies;

    /** Creates the origins: {@code origins} are public, {@code plainNames} are reached over plain HTTP, as is the loopback interface. */
    public SiteOrigins(List<PublicOrigin> origins, Set<String> plainNames, ProxyTrust proxies) {
        this.origins = List.copyOf(origins);
        Set<String> all = new TreeSet<>(LOOPBACK);
        plainNames.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        this.plainNames = Set.copyOf(all);
        this.proxies = proxies;
    }

    /** Whether the request names this server, both in {@code Host} and where a trusted proxy states another host. */
    public boolean isForThisServer(Context request) {
        return isKnown(request.header("Host"))
                && proxies.host(request).map(this::isKnown).orElse(true);
    }

    /** Whether {@code origin}, the header of a browser, is one of this server's pages for a request to this host. */
    public boolean isOwn(Context request, String origin) {
        if (isPublic(origin)) {
            return true;
        }
        String host = request.header("Host");
        // A public name is reached over plain HTTP only by whoever changes the traffic on the way.
        return host != null
                && plainNames.contains(nameOf(lower(host)))
                && lower(origin).equals("http://" + lower(host));
    }

    /**
     * Returns the origin of the page of this server that made a request, or, where the request does not tell, under which it came; empty when
     * that is none of this server's.
     */
    public Optional<String> origin(Context request) {
        String stated = request.header("Origin");
        if (stated != null) {
            return Optional.of(lower(stated)).filter(origin -> isOwn(request, origin));
        }
        return proxies.host(request)
                .or(() -> Optional.ofNullable(request.header("Host")))
                .map(host -> (isSecure(request) ? "https://" : "http://") + lower(host))
                .filter(origin -> isOwn(request, origin));
    }

    /** Whether the browser reached this server over TLS, as far as the request tells. */
    public boolean isSecure(Context request) {
        Optional<String> scheme = proxies.scheme(request);
        if (scheme.isPresent()) {
            return scheme.get().equals("https") || scheme.get().equals("wss");
        }
        String origin = request.header("Origin");
        if (origin != null && isPublic(origin)) {
            return lower(origin).startsWith("https:");
        }
        String host = proxies.host(request).orElse(request.header("Host"));
        return host != null && isSecureHost(lower(host));
    }

    private boolean isSecureHost(String host) {
        String name = nameOf(host);
        boolean isOnlySecure = !plainNames.contains(name)
                && origins.stream().filter(one -> one.host().equals(name)).allMatch(PublicOrigin::isSecure);
        return origins.stream()
                .filter(one -> one.isSecure() && one.host().equals(name))
                .anyMatch(one -> isOnlySecure || portOf(host, HTTPS_PORT) == one.port());
    }

    private boolean isPublic(String origin) {
        for (PublicOrigin one : origins) {
            if (one.toString().equals(lower(origin))) {
                return true;
            }
        }
        return false;
    }

    private boolean isKnown(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = nameOf(lower(host));
        return plainNames.contains(name)
                || origins.stream().anyMatch(one -> one.host().equals(name));
    }

    private static String nameOf(String host) {
        return portOf(host, -1) < 0 ? host : host.substring(0, host.lastIndexOf(':'));
    }

    /** Returns the port in {@code host}, or {@code absent} when it has none or something that is none. */
    private static int portOf(String host, int absent) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']') && isPort(host, colon + 1);
        return hasPort ? Integer.parseInt(host.substring(colon + 1)) : absent;
    }

    /** Whether one to five digits follow; without a regular expression, because every request passes here. */
    private static boolean isPort(String host, int from) {
        int digits = host.length() - from;
        if (digits < 1 || digits > MAX_PORT_DIGITS) {
            return false;
        }
        for (int i = from; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
