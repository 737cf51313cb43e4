package dev.architect.provider.http.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The headers of a reply. The case of their names does not matter. Immutable; {@code toString} shows how many there are. */
public final class ReplyHeaders {

    private static final ReplyHeaders NONE = new ReplyHeaders(new String[0]);

    /** Of a name its colon and space, of a value its line end. */
    private static final int OVERHEAD_BYTES = 2;

    private final String[] namesAndValues;

    private ReplyHeaders(String[] namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    /** Returns no headers. */
    public static ReplyHeaders none() {
        return NONE;
    }

    /**
     * Returns headers from names and values in turn.
     *
     * @throws IllegalArgumentException when a name has no value
     */
    public static ReplyHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "namesAndValues has " + namesAndValues.length + " texts, expected a value after each name");
        }
        return namesAndValues.length == 0 ? NONE : new ReplyHeaders(namesAndValues.clone());
    }

    /** Returns the headers of {@code values}, by name. */
    public static ReplyHeaders of(Map<String, String> values) {
        String[] flat = new String[values.size() * 2];
        int next = 0;
        for (Map.Entry<String, String> header : values.entrySet()) {
            flat[next++] = header.getKey();
            flat[next++] = header.getValue();
        }
        return new ReplyHeaders(flat);
    }

    /** Returns the value of a header; the last one where it came more than once. */
    public Optional<String> get(String name) {
        for (int index = namesAndValues.length - 2; index >= 0; index -= 2) {
            if (namesAndValues[index].equalsIgnoreCase(name)) {
                return Optional.of(namesAndValues[index + 1]);
            }
        }
        return Optional.empty();
    }

    /** Fails when there are more headers, or more bytes of them, than {@code limits} allow. */
    public void check(HttpLimits limits) throws BadReplyException {
        int count = namesAndValues.length / 2;
        if (count > limits.maxHeaders()) {
            throw new BadReplyException(
                    "reply has " + count + " headers, expected at most " + limits.maxHeaders() + " (maxHeaders)");
        }
        long bytes = 0;
        for (String text : namesAndValues) {
            bytes += text.length() + OVERHEAD_BYTES;
        }
        if (bytes > limits.maxHeaderBytes()) {
            throw new BadReplyException("reply has " + bytes + " bytes of headers, expected at most "
                    + limits.maxHeaderBytes() + " (maxHeaderBytes)");
        }
    }

    /** Calls {@code visitor} with the name and the value of each header, in the order of the reply. */
    public void forEach(BiConsumer<String, String> visitor) {
        for (int index = 0; index < namesAndValues.length; index += 2) {
            visitor.accept(namesAndValues[index], namesAndValues[index + 1]);
        }
    }

    /** Returns the value of a header that is an HTTP date (RFC 9110, section 5.6.7, the preferred form). */
    public Optional<Instant> date(String name) {
        return get(name).flatMap(text -> {
            try {
                return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
            } catch (DateTimeException notADate) {
                return Optional.empty();
            }
        });
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplyHeaders headers && Arrays.equals(namesAndValues, headers.namesAndValues);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(namesAndValues);
    }

    @Override
    public String toString() {
        return "ReplyHeaders[" + namesAndValues.length / 2 + "]";
    }
}
