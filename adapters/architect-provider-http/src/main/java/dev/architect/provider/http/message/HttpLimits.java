package dev.architect.provider.http.message;

import java.time.Duration;
import java.util.Arrays;

/**
 * Limits of one provider's HTTP calls. How long a call may take is not here but comes with each call ({@link
 * dev.architect.request.CallLimits}); the times here are upper bounds. A reply that breaks a
 * limit ends its call with a {@link dev.architect.model.ProviderException} that names limit and value. Immutable.
 */
public final class HttpLimits {

    /** What has a limit; times are in nanoseconds. */
    private enum Limit {
        CONNECT_TIMEOUT("connectTimeout", Duration.ofSeconds(10).toNanos()),
        IDLE_TIMEOUT("idleTimeout", Duration.ofMinutes(2).toNanos()),
        PROBE_TIMEOUT("probeTimeout", Duration.ofSeconds(5).toNanos()),
        ANSWER_BYTES("maxAnswerBytes", 8 << 20),
        EVENT_BYTES("maxEventBytes", 4 << 20),
        ERROR_BYTES("maxErrorBytes", 64 << 10),
        HEADERS("maxHeaders", 200),
        HEADER_BYTES("maxHeaderBytes", 64 << 10),
        JSON_DEPTH("maxJsonDepth", 200),
        JSON_TOKENS("maxJsonTokens", 1_000_000),
        NUMBER_LENGTH("maxNumberLength", 200),
        STRING_LENGTH("maxStringLength", 8 << 20),
        NAME_LENGTH("maxNameLength", 1_000),
        IDLE_CONNECTIONS("idleConnections", 64);

        private final String field;
        private final long standard;

        Limit(String field, long standard) {
            this.field = field;
            this.standard = standard;
        }
    }

    /** What OkHttp can count. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private static final HttpLimits DEFAULTS = new HttpLimits(
            Arrays.stream(Limit.values()).mapToLong(limit -> limit.standard).toArray());

    private final long[] values;

    private HttpLimits(long[] values) {
        this.values = values;
    }

    /**
     * Returns 10 s to connect, 2 minutes of silence, 5 s for a probe; answers of 8 MiB, events of 4 MiB, errors of 64 KiB; 200
     * headers of 64 KiB together; JSON of depth 200 and a million tokens, numbers of 200 characters, texts of 8 Mi and names of 1,000
     * characters;
     * 64 idle connections.
     */
    public static HttpLimits defaults() {
        return DEFAULTS;
    }

    /** The longest time to reach the provider. */
    public Duration connectTimeout() {
        return time(Limit.CONNECT_TIMEOUT);
    }

    /**
     * The longest silence of a streamed answer: before its head, before its first token, and after that. Each call has limits of
     * its own for these, and the shorter one counts. A whole answer is bounded by its call's total time alone.
     */
    public Duration idleTimeout() {
        return time(Limit.IDLE_TIMEOUT);
    }

    /** The longest time of a health probe. */
    public Duration probeTimeout() {
        return time(Limit.PROBE_TIMEOUT);
    }

    /** The most bytes of an answer, decompressed; of a streamed one, all its events together. */
    public int maxAnswerBytes() {
        return size(Limit.ANSWER_BYTES);
    }

    /** The most bytes of one event of a streamed answer. */
    public int maxEventBytes() {
        return size(Limit.EVENT_BYTES);
    }

    /** The most bytes that are read of an error's body, decompressed; an error that is longer is known by its status alone. */
    public int maxErrorBytes() {
        return size(Limit.ERROR_BYTES);
    }

    /** The most headers of a reply. */
    public int maxHeaders() {
        return size(Limit.HEADERS);
    }

    /** The most bytes of a reply's headers together; more than 256 KiB are never read over HTTP/1.1. */
    public int maxHeaderBytes() {
        return size(Limit.HEADER_BYTES);
    }

    /** The deepest nesting of a JSON value. */
    public int maxJsonDepth() {
        return size(Limit.JSON_DEPTH);
    }

    /** The most tokens of a JSON value: names, values, and both ends of objects and lists. They bound what it takes in memory. */
    public int maxJsonTokens() {
        return size(Limit.JSON_TOKENS);
    }

    /** The most characters of a number in JSON. */
    public int maxNumberLength() {
        return size(Limit.NUMBER_LENGTH);
    }

    /** The most characters of a text in JSON. */
    public int maxStringLength() {
        return size(Limit.STRING_LENGTH);
    }

    /** The most characters of a field's name in JSON. The parser remembers names for later answers, so they must not be long. */
    public int maxNameLength() {
        return size(Limit.NAME_LENGTH);
    }

    /** How many connections are kept open without a call. */
    public int idleConnections() {
        return size(Limit.IDLE_CONNECTIONS);
    }

    /** Returns these limits with another {@link #connectTimeout}. */
    public HttpLimits withConnectTimeout(Duration timeout) {
        return with(Limit.CONNECT_TIMEOUT, timeout);
    }

    /** Returns these limits with another {@link #idleTimeout}. */
    public HttpLimits withIdleTimeout(Duration timeout) {
        return with(Limit.IDLE_TIMEOUT, timeout);
    }

    /** Returns these limits with another {@link #probeTimeout}. */
    public HttpLimits withProbeTimeout(Duration timeout) {
        return with(Limit.PROBE_TIMEOUT, timeout);
    }

    /** Returns these limits with another {@link #maxAnswerBytes}. */
    public HttpLimits withMaxAnswerBytes(int bytes) {
        return with(Limit.ANSWER_BYTES, bytes);
    }

    /** Returns these limits with another {@link #maxEventBytes}. */
    public HttpLimits withMaxEventBytes(int bytes) {
        return with(Limit.EVENT_BYTES, bytes);
    }

    /** Returns these limits with another {@link #maxErrorBytes}. */
    public HttpLimits withMaxErrorBytes(int bytes) {
        return with(Limit.ERROR_BYTES, bytes);
    }

    /** Returns these limits with another {@link #maxHeaders}. */
    public HttpLimits withMaxHeaders(int count) {
        return with(Limit.HEADERS, count);
    }

    /** Returns these limits with another {@link #maxHeaderBytes}. */
    public HttpLimits withMaxHeaderBytes(int bytes) {
        return with(Limit.HEADER_BYTES, bytes);
    }

    /** Returns these limits with another {@link #maxJsonDepth}. */
    public HttpLimits withMaxJsonDepth(int depth) {
        return with(Limit.JSON_DEPTH, depth);
    }

    /** Returns these limits with another {@link #maxJsonTokens}. */
    public HttpLimits withMaxJsonTokens(int count) {
        return with(Limit.JSON_TOKENS, count);
    }

    /** Returns these limits with another {@link #maxNumberLength}. */
    public HttpLimits withMaxNumberLength(int characters) {
        return with(Limit.NUMBER_LENGTH, characters);
    }

    /** Returns these limits with another {@link #maxNameLength}. */
    public HttpLimits withMaxNameLength(int characters) {
        return with(Limit.NAME_LENGTH, characters);
    }

    /** Returns these limits with another {@link #maxStringLength}. */
    public HttpLimits withMaxStringLength(int characters) {
        return with(Limit.STRING_LENGTH, characters);
    }

    /** Returns these limits with another number of {@link #idleConnections}. */
    public HttpLimits withIdleConnections(int count) {
        return with(Limit.IDLE_CONNECTIONS, count);
    }

    private Duration time(Limit limit) {
        return Duration.ofNanos(values[limit.ordinal()]);
    }

    private int size(Limit limit) {
        return (int) values[limit.ordinal()];
    }

    private HttpLimits with(Limit limit, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(limit.field + " is " + value + ", expected more than zero");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(limit.field + " is " + value + ", expected at most " + LONGEST);
        }
        return replaced(limit, value.toNanos());
    }

    private HttpLimits with(Limit limit, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(limit.field + " is " + value + ", expected 1 or more");
        }
        return replaced(limit, value);
    }

    private HttpLimits replaced(Limit limit, long value) {
        long[] changed = values.clone();
        changed[limit.ordinal()] = value;
        return new HttpLimits(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HttpLimits limits && Arrays.equals(values, limits.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("HttpLimits[");
        for (Limit limit : Limit.values()) {
            boolean isTime = limit.field.endsWith("Timeout");
            text.append(limit.ordinal() == 0 ? "" : ", ").append(limit.field).append('=');
            text.append(isTime ? time(limit).toString() : String.valueOf(size(limit)));
        }
        return text.append(']').toString();
    }
}
