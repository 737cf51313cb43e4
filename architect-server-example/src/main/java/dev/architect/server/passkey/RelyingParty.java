package dev.architect.server.passkey;

import dev.architect.server.network.SiteOrigins;
import dev.architect.server.rest.ApiException;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Optional;

/**
 * For whom a passkey signs, as the standard calls it: browsers use a passkey on the pages of its name alone.
 *
 * @param origin where the page is, as a browser states it
 * @param id the name in it, which passkeys are bound to
 */
record RelyingParty(String origin, String id) {

    private static final String LOCAL = "localhost";

    /**
     * Returns this server as the browser that makes a request knows it.
     *
     * @throws ApiException 409 where browsers have no passkeys: under an address in place of a name, and without TLS but for {@code localhost}
     */
    static RelyingParty of(SiteOrigins origins, Context request) {
        Optional<String> origin = origins.origin(request);
        return origin.flatMap(RelyingParty::of)
                .orElseThrow(() -> new ApiException(
                        409,
                        "passkeys-unavailable",
                        "this server is reached as " + origin.orElse("another one")
                                + ", expected a name with TLS, or http://localhost: browsers have no passkeys elsewhere",
                        null,
                        null));
    }

    static Optional<RelyingParty> of(String origin) {
        URI url = URI.create(origin);
        String host = url.getHost();
        if (host == null) {
            return Optional.empty();
        }
        boolean isLocal = host.equals(LOCAL) || host.endsWith("." + LOCAL);
        boolean isSafe = "https".equals(url.getScheme()) || isLocal;
        return isSafe && !isAddress(host) ? Optional.of(new RelyingParty(origin, host)) : Optional.empty();
    }

    /** One of IPv6 has brackets; what ends with a number is one of IPv4, whatever stands before it. */
    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.substring(host.lastIndexOf('.') + 1).matches("[0-9]+");
    }
}
