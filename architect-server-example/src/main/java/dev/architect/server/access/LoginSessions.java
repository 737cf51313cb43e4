package dev.architect.server.access;

import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The logins of browsers, at most {@value #MAX_SESSIONS}; a new one replaces the least recently used. An id is 256 random bits
 * that only the browser holds; the server keeps its SHA-256. They end with the process. Safe for use by several threads.
 */
public final class LoginSessions {

    static final int MAX_SESSIONS = 100;

    private final TimeSource time;
    private final Map<String, LoginSession> byDigest = new HashMap<>();

    /** Creates an empty set, which expires by {@code time}. */
    public LoginSessions(TimeSource time) {
        this.time = time;
    }

    /** Creates a login and returns its id, for the browser's cookie only. */
    public String create() {
        String id = AccessToken.newSecret(time);
        synchronized (byDigest) {
            byDigest.values().removeIf(login -> !login.isValid(time.wallTime()));
            if (byDigest.size() >= MAX_SESSIONS) {
                removeLeastRecentlyUsed();
            }
            byDigest.put(digest(id), new LoginSession(time.wallTime()));
        }
        return id;
    }

    /** Returns the valid login of that id. */
    public Optional<LoginSession> find(String id) {
        synchronized (byDigest) {
            return Optional.ofNullable(byDigest.get(digest(id))).filter(login -> login.isValid(time.wallTime()));
        }
    }

    /** Ends a login at once, for open WebSockets as well. */
    public void invalidate(String id) {
        synchronized (byDigest) {
            LoginSession login = byDigest.remove(digest(id));
            if (login != null) {
                login.invalidate();
            }
        }
    }

    private void removeLeastRecentlyUsed() {
        byDigest.entrySet().stream()
                .min(Comparator.comparing(entry -> entry.getValue().lastSeen()))
                .ifPresent(oldest -> {
                    oldest.getValue().invalidate();
                    byDigest.remove(oldest.getKey());
                });
    }

    private static String digest(String id) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is missing, expected it in every JDK", impossible);
        }
    }
}
