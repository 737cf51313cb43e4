package dev.architect.server.access;

import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records who got in, who did not, and how the server is open, under the logger name {@value #LOGGER}: one line for each event, with
 * the word of the event first and then {@code name=value}. Values that are not made of plain characters are quoted and escaped, so
 * that no client can begin a line of its own. Secrets are never given to it.
 *
 * <p>The same event of the same client is recorded once a minute, with the number of those that were left out, because anybody can cause
 * refusals. Safe for use by several threads.
 */
public final class SecurityLog {

    /** The name of the logger. */
    public static final String LOGGER = "dev.architect.security";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final Duration REPEAT = Duration.ofMinutes(1);
    private static final int MAX_CLIENTS = 1_000;
    private static final int MAX_CHARACTERS = 200;

    private final TimeSource time;
    private final Map<String, Repeated> recent = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Repeated> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    /** Creates a log that measures repetitions by {@code time}. */
    public SecurityLog(TimeSource time) {
        this.time = time;
    }

    /** Records something that is as it should be; {@code pairs} are names and values in turn. */
    public void record(String event, @Nullable Object... pairs) {
        LOG.info("{}", line(event, pairs));
    }

    /** Records something that is as it should be and that {@code client} may repeat often. */
    public void recordOften(String event, String client, @Nullable Object... pairs) {
        long left = leftOut(event, client);
        if (left >= 0) {
            LOG.info("{}", line(event, client, left, pairs));
        }
    }

    /** Records a refusal to {@code client}. */
    public void refuse(String event, String client, @Nullable Object... pairs) {
        long left = leftOut(event, client);
        if (left >= 0) {
            LOG.warn("{}", line(event, client, left, pairs));
        }
    }

    /** Returns how many were left out since the last line, or -1 when this one is left out. */
    private long leftOut(String event, String client) {
        synchronized (recent) {
            long now = time.nanoTime();
            Repeated earlier = recent.get(event + " " + client);
            if (earlier != null && now - earlier.since < REPEAT.toNanos()) {
                earlier.leftOut++;
                return -1;
            }
            recent.put(event + " " + client, new Repeated(now));
            return earlier == null ? 0 : earlier.leftOut;
        }
    }

    private static String line(String event, String client, long leftOut, @Nullable Object... pairs) {
        return line(event, "client", client) + line("", pairs) + (leftOut == 0 ? "" : " repeated=" + leftOut);
    }

    private static String line(String event, @Nullable Object... pairs) {
        StringBuilder line = new StringBuilder(event);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=').append(encoded(String.valueOf(pairs[i + 1])));
        }
        return line.toString();
    }

    /** Returns {@code text} as it is, or quoted and in ASCII; long text is cut. */
    static String encoded(String text) {
        String cut = text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "…";
        if (cut.matches("[A-Za-z0-9._:/@+*,%~-]+")) {
            return cut;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : cut.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c < 127) {
                quoted.append(c);
            } else {
                quoted.append(String.format("\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    private static final class Repeated {
        private final long since;
        private long leftOut;

        private Repeated(long since) {
            this.since = since;
        }
    }
}
