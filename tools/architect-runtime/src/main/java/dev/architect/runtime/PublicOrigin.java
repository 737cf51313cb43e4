package dev.architect.runtime;

import java.net.URI;
import java.util.Locale;

/**
 * An address under which browsers reach a server through a proxy: scheme, host and port, as a browser states them in the header
 * {@code Origin} (RFC 6454). Immutable.
 *
 * @param scheme {@code https}, or {@code http} in a network that is trusted
 * @param host the name in lower case, or an address; one of IPv6 is in brackets
 * @param port 1 to 65535
 */
public record PublicOrigin(String scheme, String host, int port) {

    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_CHARACTERS = 300;

    /** Checks that it is an origin. */
    public PublicOrigin {
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("scheme is '" + scheme + "', expected https or http");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port is " + port + ", expected 1.." + MAX_PORT);
        }
    }

    /**
     * Reads an origin such as {@code https://gaia.example.com}.
     *
     * @throws IllegalArgumentException when {@code text} has no scheme or host, or a path, a query or a user
     */
    public static PublicOrigin parse(String text) {
        try {
            URI url = URI.create(text.length() > MAX_CHARACTERS ? "" : text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            boolean isOrigin = url.getHost() != null
                    && (scheme.equals("https") || scheme.equals("http"))
                    && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getRawUserInfo() == null;
            if (isOrigin) {
                int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
                return new PublicOrigin(
                        scheme, url.getHost().toLowerCase(Locale.ROOT), url.getPort() < 0 ? usual : url.getPort());
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new IllegalArgumentException(message(text), notAnAddress);
        }
        throw new IllegalArgumentException(message(text));
    }

    private static String message(String text) {
        String shown = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "…" : text;
        return "origin is '" + shown + "', expected scheme and host such as https://gaia.example.com";
    }

    /** Whether browsers reach it over TLS. */
    public boolean isSecure() {
        return scheme.equals("https");
    }

    /** As in the header {@code Origin}: the port only where it is not the usual one. */
    @Override
    public String toString() {
        boolean isUsual = port == (isSecure() ? HTTPS_PORT : HTTP_PORT);
        return scheme + "://" + host + (isUsual ? "" : ":" + port);
    }
}
