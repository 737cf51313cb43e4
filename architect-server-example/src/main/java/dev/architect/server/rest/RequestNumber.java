package dev.architect.server.rest;

import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.util.regex.Pattern;

/** What a request is called in answers and logs: as its sender has named it in {@code X-Request-Id}, or at random. */
public final class RequestNumber {

    private static final String HEADER = "X-Request-Id";
    private static final String ATTRIBUTE = "architect.request-number";
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int RADIX = 36;
    private static final long LEAST = Long.parseLong("1000000000000", RADIX);

    private RequestNumber() {}

    /** Names a request, and states the name in the header of its answer. */
    public static void put(Context request) {
        request.header(HEADER, of(request));
    }

    /** Returns the name of a request, which it keeps. */
    public static String of(Context request) {
        String named = request.attribute(ATTRIBUTE);
        if (named == null) {
            String wanted = request.header(HEADER);
            named = wanted != null && ALLOWED.matcher(wanted).matches() ? wanted : create();
            request.attribute(ATTRIBUTE, named);
        }
        return named;
    }

    /** Returns a name for a request that names itself nowhere. */
    static String create() {
        // All of one length: the lengths of answers do not depend on it.
        return Long.toString(LEAST + TimeSource.system().random(Long.MAX_VALUE - LEAST), RADIX);
    }
}
