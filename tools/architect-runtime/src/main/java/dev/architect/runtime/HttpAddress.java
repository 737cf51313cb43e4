package dev.architect.runtime;

import java.net.URI;

/** Reads the addresses of providers. */
final class HttpAddress {

    private HttpAddress() {}

    /**
     * Returns the address that {@code text} is.
     *
     * @throws IllegalArgumentException that begins with {@code name}, when it is not one of {@code http} or {@code https} with a host
     */
    static URI parse(String name, String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null
                    && url.getScheme() != null
                    && url.getScheme().matches("https?")) {
                return url;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new IllegalArgumentException(message(name, text), notAnAddress);
        }
        throw new IllegalArgumentException(message(name, text));
    }

    private static String message(String name, String text) {
        return name + " is '" + text + "', expected an address such as http://localhost:1234";
    }
}
