package dev.architect.planner.approval.path;

import dev.architect.planner.check.ArgumentCheck;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address of which every client reads the same scheme, host and port. Narrower than RFC 3986: the scheme in lower case, a host of
 * letters, digits, dots and dashes, no user, a slash behind the host when anything follows it, and no character that needs escaping.
 *
 * @param scheme {@code https} or {@code http}
 * @param host in lower case
 * @param port the port, that of the scheme when the address states none
 */
public record WebAddress(String scheme, String host, int port) {

    /** Checks that both texts are there. */
    public WebAddress {
        ArgumentCheck.notNull("scheme", scheme);
        ArgumentCheck.notNull("host", host);
    }

    private static final int MAX_CHARACTERS = 8192;

    /** Control characters and backslashes that are escaped, which some clients and servers take back. */
    private static final Pattern HIDDEN = Pattern.compile("%[01][0-9A-Fa-f]|%7[Ff]|%5[Cc]");

    private static final Pattern ADDRESS =
            Pattern.compile("(https?)://([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::([1-9][0-9]{0,4}))?"
                    + "(?:/(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=\\[\\]-]|%[0-9A-Fa-f]{2})*+)?");

    /** Reads an address; empty when clients may differ about it. */
    public static Optional<WebAddress> parse(String url) {
        if (ArgumentCheck.notNull("url", url).length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        Matcher parts = ADDRESS.matcher(url);
        boolean isHidden = HIDDEN.matcher(url).find();
        if (isHidden || !parts.matches() || parts.group(2).contains("..")) {
            return Optional.empty();
        }
        int port =
                parts.group(3) == null ? (parts.group(1).equals("https") ? 443 : 80) : Integer.parseInt(parts.group(3));
        return port > 65_535
                ? Optional.empty()
                : Optional.of(new WebAddress(parts.group(1), lower(parts.group(2)), port));
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
