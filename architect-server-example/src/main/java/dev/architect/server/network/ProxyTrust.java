package dev.architect.server.network;

import dev.architect.runtime.AddressRange;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Believes what trusted proxies state about a request, and nothing that other peers state. Of several hops the one counts that is
 * nearest to this server and no trusted proxy, because everything before it could be made up. Immutable.
 */
public final class ProxyTrust {

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /** What one subscriber usually has, who could use another address for every request. */
    private static final int IPV6_SUBSCRIBER_BITS = 64;

    private static final String PEER = "architect.peer";

    private final List<AddressRange> trusted;

    /** Creates the trust in {@code trusted} proxies. */
    public ProxyTrust(List<AddressRange> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** Whether {@code address} is that of a trusted proxy. */
    public boolean isTrusted(String address) {
        return !trusted.isEmpty() && trusted.stream().anyMatch(range -> range.contains(address));
    }

    /** Without looking at the address where there is no proxy: every request passes here several times. */
    private boolean isFromProxy(Context request) {
        return !trusted.isEmpty() && isTrusted(peer(request));
    }

    /**
     * Returns the address of the client. Where {@code Forwarded} and {@code X-Forwarded-For} state different clients, one of them came
     * from the client itself, and the address of the proxy is returned.
     */
    public String clientAddress(Context request) {
        String peer = peer(request);
        if (!isTrusted(peer)) {
            return peer;
        }
        Optional<String> forwarded = client(peer, ForwardedHop.ofForwarded(headers(request, "Forwarded")));
        Optional<String> listed = client(peer, ForwardedHop.ofAddresses(headers(request, "X-Forwarded-For")));
        boolean isOne = forwarded.isEmpty() || listed.isEmpty() || forwarded.equals(listed);
        return isOne ? forwarded.or(() -> listed).orElse(peer) : peer;
    }

    /** Returns whom a limit counts for: the address, or with IPv6 the network of it that one subscriber has. */
    public String limitKey(Context request) {
        return limitKey(clientAddress(request));
    }

    static String limitKey(String address) {
        return AddressRange.networkOf(address, IPV4_BITS, IPV6_SUBSCRIBER_BITS).orElse(address);
    }

    /** Returns the scheme that the nearest proxy states; empty when it states none or is not trusted. */
    Optional<String> scheme(Context request) {
        return stated(request, "X-Forwarded-Proto", ForwardedHop::scheme);
    }

    /** Returns the host that the nearest proxy states; empty when it states none or is not trusted. */
    Optional<String> host(Context request) {
        return stated(request, "X-Forwarded-Host", ForwardedHop::host);
    }

    private Optional<String> stated(Context request, String header, Function<ForwardedHop, Optional<String>> part) {
        if (!isFromProxy(request)) {
            return Optional.empty();
        }
        List<ForwardedHop> hops = ForwardedHop.ofForwarded(headers(request, "Forwarded"));
        Optional<String> forwarded = hops.isEmpty() ? Optional.empty() : part.apply(hops.get(hops.size() - 1));
        String all = String.join(",", headers(request, header));
        String nearest = all.substring(all.lastIndexOf(',') + 1).strip().toLowerCase(Locale.ROOT);
        return forwarded.or(() -> Optional.of(nearest).filter(text -> !text.isEmpty()));
    }

    private Optional<String> client(String peer, List<ForwardedHop> hops) {
        for (int i = hops.size() - 1; i >= 0; i--) {
            Optional<String> address = hops.get(i).address();
            Optional<String> known = address.flatMap(text -> AddressRange.networkOf(text, IPV4_BITS, IPV6_BITS));
            if (known.isEmpty()) {
                // Hidden on purpose ("unknown", "_proxy7") or nonsense: the client is one of that proxy.
                return Optional.of(peer);
            }
            if (i == 0 || !isTrusted(known.get())) {
                return known;
            }
        }
        return Optional.empty();
    }

    private static List<String> headers(Context request, String name) {
        return Collections.list(request.req().getHeaders(name));
    }

    /** The address of the other end of the connection, which is found out once for a request. */
    static String peer(Context request) {
        String known = request.attribute(PEER);
        if (known == null) {
            known = readPeer(request);
            request.attribute(PEER, known);
        }
        return known;
    }

    private static String readPeer(Context request) {
        String address = request.req().getRemoteAddr();
        String plain =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        return AddressRange.networkOf(plain, IPV4_BITS, IPV6_BITS).orElse(plain);
    }
}
