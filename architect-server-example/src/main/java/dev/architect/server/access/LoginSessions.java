package dev.architect.server.access;

import dev.architect.access.AccessStore;
import dev.architect.access.Login;
import dev.architect.access.SecretDigest;
import dev.architect.access.User;
import dev.architect.error.StoreException;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logins of browsers. An id is 256 random bits that only the browser holds; its SHA-256 is kept, in the store where that keeps logins, so
 * that they outlive the process and hold on every node. What this node knows of a login is asked again after a second, so that what another
 * node ends is over here as well. Without such a store there are at most {@value #MAX_SESSIONS}, and a new one replaces the least recently
 * used. Safe for use by several threads.
 */
public final class LoginSessions {

    static final int MAX_SESSIONS = 100;

    /** The time of activity is stored when it is so much later than what is stored. */
    static final Duration SEEN_STEP = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(LoginSessions.class);
    private static final Duration CHECK_STEP = Duration.ofSeconds(1);
    private static final int MAX_ADDRESS = 64;
    private static final int MAX_AGENT = 200;

    private final TimeSource time;
    private final Optional<AccessStore> store;
    private final Map<String, LoginSession> byDigest = new HashMap<>();

    /** Creates an empty set, which expires by {@code time}. */
    public LoginSessions(TimeSource time, Optional<AccessStore> store) {
        this.time = time;
        this.store = store;
    }

    /**
     * Creates a login and returns its id, for the browser's cookie only.
     *
     * @param user who logs in; empty for the local operator
     * @param address where the browser is
     * @param agent what it calls itself
     */
    public String create(Optional<User> user, String address, String agent) {
        String id = AccessToken.newSecret(time);
        Instant now = time.wallTime();
        Login login = new Login(
                SecretDigest.of(id),
                user.map(User::name),
                now,
                now,
                now,
                now.plus(LoginSession.TOTAL_LIMIT),
                cut(address, MAX_ADDRESS),
                cut(agent, MAX_AGENT));
        store.ifPresent(logins -> logins.addLogin(login));
        put(new LoginSession(this, login, user, time.nanoTime()));
        return id;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    private void put(LoginSession login) {
        synchronized (byDigest) {
            byDigest.values().removeIf(known -> !known.isValid(time.wallTime()));
            if (byDigest.size() >= MAX_SESSIONS) {
                removeLeastRecentlyUsed();
            }
            byDigest.put(login.id(), login);
        }
    }

    /** Returns the valid login of that id. May ask the store. */
    public Optional<LoginSession> find(String id) {
        String digest = SecretDigest.of(id);
        LoginSession known;
        synchronized (byDigest) {
            known = byDigest.get(digest);
        }
        if (known == null) {
            return load(digest).filter(login -> login.isValid(time.wallTime()));
        }
        refresh(known);
        return Optional.of(known).filter(login -> login.isValid(time.wallTime()));
    }

    private Optional<LoginSession> load(String digest) {
        if (store.isEmpty()) {
            return Optional.empty();
        }
        long now = time.nanoTime();
        Optional<LoginSession> found = store.get()
                .login(digest)
                .filter(this::isOfActiveUser)
                .map(login -> new LoginSession(this, login, userOf(login), now));
        found.filter(login -> login.isValid(time.wallTime())).ifPresent(this::put);
        return found;
    }

    private boolean isOfActiveUser(Login login) {
        return login.user().isEmpty() || userOf(login).isPresent();
    }

    private Optional<User> userOf(Login login) {
        return login.user().flatMap(name -> store.orElseThrow().user(name)).filter(User::isActive);
    }

    void refresh(LoginSession login) {
        long now = time.nanoTime();
        if (store.isEmpty() || now - login.checkedAt() < CHECK_STEP.toNanos()) {
            return;
        }
        Optional<Login> stored = store.get().login(login.id()).filter(this::isOfActiveUser);
        if (stored.isPresent()) {
            login.checked(stored.get(), userOf(stored.get()), now);
        } else {
            forget(login.id());
            login.invalidate();
        }
    }

    void keepSeen(Login login) {
        try {
            store.ifPresent(logins -> logins.touchLogin(login.id(), login.lastSeen(), login.authenticatedAt()));
        } catch (StoreException failure) {
            // The next minute tries again; this node knows it all the same.
            LOG.debug("the activity of a login was not stored: {}", failure.getMessage());
        }
    }

    /** Ends a login at once, for open WebSockets as well. */
    public void invalidate(String id) {
        end(SecretDigest.of(id));
    }

    /** Ends the login whose id has this SHA-256; whether there was one. */
    public boolean end(String digest) {
        boolean wasKnown = forget(digest);
        return store.map(logins -> logins.removeLogin(digest)).orElse(wasKnown);
    }

    /** Ends all logins of a user but {@code kept}; returns how many. */
    public int endAll(String user, Optional<String> kept) {
        List<String> own;
        synchronized (byDigest) {
            own = byDigest.values().stream()
                    .filter(login -> login.user()
                            .filter(found -> found.name().equals(user))
                            .isPresent())
                    .map(LoginSession::id)
                    .filter(id -> !kept.equals(Optional.of(id)))
                    .toList();
        }
        own.forEach(this::forget);
        return store.map(logins -> logins.removeLogins(user, kept)).orElse(own.size());
    }

    private boolean forget(String digest) {
        synchronized (byDigest) {
            LoginSession login = byDigest.remove(digest);
            if (login != null) {
                login.invalidate();
            }
            return login != null;
        }
    }

    private void removeLeastRecentlyUsed() {
        byDigest.values().stream()
                .min(Comparator.comparing(LoginSession::lastSeen))
                .ifPresent(oldest -> {
                    if (store.isEmpty()) {
                        oldest.invalidate();
                    }
                    byDigest.remove(oldest.id());
                });
    }
}
