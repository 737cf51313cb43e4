package dev.architect.server.access;

import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.SecretDigest;
import dev.architect.error.StoreException;
import dev.architect.runtime.AccessToken;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of agents, looked up by the SHA-256 of their secret. What this node knows of one is asked again after a second. Safe for use by
 * several threads.
 */
public final class AgentTokens {

    private static final Logger LOG = LoggerFactory.getLogger(AgentTokens.class);
    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration USED_STEP = Duration.ofMinutes(1);
    private static final int MOST_KNOWN = 1_000;
    private static final int SECRET_CHARACTERS = AgentToken.PREFIX.length() + 64;

    private final TimeSource time;
    private final Optional<AccessStore> store;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    private record Known(AgentToken token, long checkedAt, Instant usedAt) {}

    /** Creates the lookup. */
    public AgentTokens(TimeSource time, Optional<AccessStore> store) {
        this.time = time;
        this.store = store;
    }

    /** Returns a new secret of 256 random bits. */
    public String newSecret() {
        return AgentToken.PREFIX + AccessToken.newSecret(time);
    }

    /** Returns the token of that secret when it may be used now; what does not look like a secret is not looked up. */
    Optional<AgentToken> find(String secret) {
        if (store.isEmpty() || secret.length() != SECRET_CHARACTERS || !secret.startsWith(AgentToken.PREFIX)) {
            return Optional.empty();
        }
        return findByDigest(SecretDigest.of(secret));
    }

    /** Returns a token as it is now, when it may still be used. */
    Optional<AgentToken> present(AgentToken token) {
        return findByDigest(token.digest());
    }

    private Optional<AgentToken> findByDigest(String digest) {
        long now = time.nanoTime();
        Known found;
        synchronized (known) {
            found = known.get(digest);
        }
        if (found == null || now - found.checkedAt >= CHECK_NANOS) {
            Optional<AgentToken> stored = store.get().token(digest);
            Instant usedAt = found == null ? Instant.MIN : found.usedAt;
            found = stored.map(token -> new Known(token, now, usedAt)).orElse(null);
            synchronized (known) {
                if (found == null) {
                    known.remove(digest);
                } else {
                    known.put(digest, found);
                }
            }
        }
        return Optional.ofNullable(found)
                .filter(each -> each.token.isValid(time.wallTime()))
                .map(this::used);
    }

    private AgentToken used(Known found) {
        Instant now = time.wallTime();
        if (found.usedAt.equals(Instant.MIN) || !now.isBefore(found.usedAt.plus(USED_STEP))) {
            synchronized (known) {
                known.put(found.token.digest(), new Known(found.token, found.checkedAt, now));
            }
            try {
                store.orElseThrow().touchToken(found.token.digest(), now);
            } catch (StoreException failure) {
                LOG.debug("the use of a token was not stored: {}", failure.getMessage());
            }
        }
        return found.token;
    }

    /** Forgets a token that was removed, for this node at once. */
    void forget(String digest) {
        synchronized (known) {
            known.remove(digest);
        }
    }
}
