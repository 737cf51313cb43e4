package dev.architect.server.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy states about the side that it got a request from.
 *
 * @param address whom the request came from, without a port; not always an IP address
 * @param host the host that was asked for
 * @param scheme the scheme that was used
 */
record ForwardedHop(Optional<String> address, Optional<String> host, Optional<String> scheme) {

    /** The most hops that are read, those nearest to this server. */
    private static final int MAX_HOPS = 32;

    /** Reads the values of {@code Forwarded} (RFC 7239) in their order. */
    static List<ForwardedHop> ofForwarded(List<String> values) {
        List<ForwardedHop> hops = new ArrayList<>();
        for (String element : split(String.join(",", values), ',')) {
            String address = null;
            String host = null;
            String scheme = null;
            for (String pair : split(element, ';')) {
                int equals = pair.indexOf('=');
                String name =
                        equals < 0 ? "" : pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value =
                        equals < 0 ? "" : unquoted(pair.substring(equals + 1).strip());
                switch (name) {
                    case "for" -> address = value;
                    case "host" -> host = value;
                    case "proto" -> scheme = value;
                    default -> {
                        // "by" names the proxy itself, and extensions mean nothing here.
                    }
                }
            }
            hops.add(of(address, host, scheme));
        }
        return last(hops);
    }

    /** Reads the values of {@code X-Forwarded-For} in their order. */
    static List<ForwardedHop> ofAddresses(List<String> values) {
        List<ForwardedHop> hops = new ArrayList<>();
        for (String value : split(String.join(",", values), ',')) {
            hops.add(of(value.strip(), null, null));
        }
        return last(hops);
    }

    private static List<ForwardedHop> last(List<ForwardedHop> hops) {
        return hops.size() <= MAX_HOPS ? hops : hops.subList(hops.size() - MAX_HOPS, hops.size());
    }

    private static ForwardedHop of(@Nullable String address, @Nullable String host, @Nullable String scheme) {
        return new ForwardedHop(
                Optional.ofNullable(address).map(ForwardedHop::withoutPort),
                Optional.ofNullable(host),
                Optional.ofNullable(scheme).map(text -> text.toLowerCase(Locale.ROOT)));
    }

    private static String withoutPort(String node) {
        if (node.startsWith("[")) {
            int end = node.indexOf(']');
            return end < 0 ? node : node.substring(1, end);
        }
        int colon = node.indexOf(':');
        // Two colons are an address of IPv6 without brackets, as X-Forwarded-For has it.
        return colon >= 0 && colon == node.lastIndexOf(':') ? node.substring(0, colon) : node;
    }

    /** Splits outside of quoted text. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && isQuoted && i + 1 < text.length()) {
                part.append(c).append(text.charAt(++i));
            } else if (c == separator && !isQuoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                isQuoted ^= c == '"';
                part.append(c);
            }
        }
        parts.add(part.toString());
        parts.removeIf(String::isBlank);
        return parts;
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }
}
