package dev.architect.store.memory.access;

import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.AgentToken;
import dev.architect.access.Login;
import dev.architect.access.LoginChallenge;
import dev.architect.access.Passkey;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.error.CapacityException;
import dev.architect.store.memory.lock.StoreLock;
import dev.architect.store.memory.lock.StoredTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Users, second factors, passkeys, logins and tokens in memory. Guarded by the store's lock. */
public final class InMemoryAccess implements AccessStore {

    private static final int MOST_LOGINS = 10_000;

    private final StoreLock store;
    private final Map<String, User> users = new TreeMap<>();
    private final Map<String, Login> logins = new HashMap<>();
    private final Map<String, SecondFactor> factors = new HashMap<>();
    private final Map<String, Passkey> passkeys = new LinkedHashMap<>();
    private final Map<String, LoginChallenge> challenges = new HashMap<>();
    private final Map<String, AgentToken> tokens = new TreeMap<>();

    /** Creates an empty one of the store that {@code store} guards. */
    public InMemoryAccess(StoreLock store) {
        this.store = store;
    }

    @Override
    public boolean hasUsers() {
        return store.locked(() -> !users.isEmpty());
    }

    @Override
    public List<User> users() {
        return store.locked(() -> List.copyOf(users.values()));
    }

    @Override
    public Optional<User> user(String name) {
        return store.locked(() -> Optional.ofNullable(users.get(name)));
    }

    @Override
    public boolean addFirst(User user) {
        return store.locked(() -> users.isEmpty() && put(user, 1));
    }

    @Override
    public boolean add(User user) {
        return store.locked(() -> {
            if (users.containsKey(user.name())) {
                return false;
            }
            if (users.size() >= MOST) {
                throw new CapacityException("users", MOST);
            }
            return put(user, 1);
        });
    }

    private boolean put(User user, long version) {
        users.put(
                user.name(),
                new User(
                        user.name(),
                        user.roles(),
                        user.isActive(),
                        user.passwordHash(),
                        user.preferences(),
                        StoredTime.micros(
                                users.containsKey(user.name())
                                        ? users.get(user.name()).createdAt()
                                        : user.createdAt()),
                        StoredTime.micros(user.passwordAt()),
                        version));
        return true;
    }

    @Override
    public AccessChange change(User user) {
        return store.locked(() -> {
            AccessChange result = check(user.name(), Math.max(1, user.version()), user.isActiveAdmin());
            if (result == AccessChange.DONE) {
                put(user, user.version() + 1);
                if (!user.isActive()) {
                    forgetPasskeys(user.name());
                }
            }
            return result;
        });
    }

    @Override
    public AccessChange remove(String name, long version) {
        return store.locked(() -> {
            AccessChange result = check(name, version, false);
            if (result == AccessChange.DONE) {
                users.remove(name);
                factors.remove(name);
                forgetPasskeys(name);
                logins.values().removeIf(login -> login.user().equals(Optional.of(name)));
            }
            return result;
        });
    }

    private AccessChange check(String name, long version, boolean staysAdmin) {
        User known = users.get(name);
        if (known == null) {
            return AccessChange.MISSING;
        }
        if (version != 0 && known.version() != version) {
            return AccessChange.STALE;
        }
        boolean hasOther = users.values().stream()
                .anyMatch(user -> user.isActiveAdmin() && !user.name().equals(name));
        return known.isActiveAdmin() && !staysAdmin && !hasOther ? AccessChange.LAST_ADMIN : AccessChange.DONE;
    }

    @Override
    public Optional<SecondFactor> secondFactor(String user) {
        return store.locked(() -> Optional.ofNullable(factors.get(user)));
    }

    @Override
    public boolean beginSecondFactor(SecondFactor begun) {
        return store.locked(() -> {
            SecondFactor known = factors.get(begun.user());
            if (!users.containsKey(begun.user()) || (known != null && known.isConfirmed())) {
                return false;
            }
            factors.put(begun.user(), kept(begun));
            return true;
        });
    }

    private static SecondFactor kept(SecondFactor factor) {
        return new SecondFactor(
                factor.user(),
                factor.secret(),
                StoredTime.micros(factor.createdAt()),
                factor.confirmedAt().map(StoredTime::micros),
                factor.lastStep(),
                factor.recovery());
    }

    @Override
    public boolean confirmSecondFactor(SecondFactor confirmed) {
        return store.locked(() -> {
            SecondFactor known = factors.get(confirmed.user());
            if (known == null || known.isConfirmed() || !known.secret().equals(confirmed.secret())) {
                return false;
            }
            factors.put(confirmed.user(), kept(confirmed));
            return true;
        });
    }

    @Override
    public boolean useStep(String user, long step) {
        return store.locked(() -> {
            SecondFactor known = factors.get(user);
            if (known == null || !known.isConfirmed() || known.lastStep() >= step) {
                return false;
            }
            factors.put(user, with(known, step, known.recovery()));
            return true;
        });
    }

    private static SecondFactor with(SecondFactor known, long step, Set<String> recovery) {
        return new SecondFactor(known.user(), known.secret(), known.createdAt(), known.confirmedAt(), step, recovery);
    }

    @Override
    public boolean useRecoveryCode(String user, String digest) {
        return store.locked(() -> {
            SecondFactor known = factors.get(user);
            if (known == null || !known.isConfirmed() || !known.recovery().contains(digest)) {
                return false;
            }
            Set<String> left = new HashSet<>(known.recovery());
            left.remove(digest);
            factors.put(user, with(known, known.lastStep(), left));
            return true;
        });
    }

    @Override
    public boolean removeSecondFactor(String user) {
        return store.locked(() -> factors.remove(user) != null);
    }

    @Override
    public boolean addPasskey(Passkey passkey) {
        return store.locked(() -> {
            User user = users.get(passkey.user());
            if (user == null || !user.isActive() || passkeys.containsKey(passkey.id())) {
                return false;
            }
            if (of(passkey.user()).count() >= MOST_PASSKEYS) {
                throw new CapacityException("passkeys of a user", MOST_PASSKEYS);
            }
            passkeys.put(
                    passkey.id(),
                    new Passkey(
                            passkey.id(),
                            passkey.user(),
                            passkey.name(),
                            passkey.publicKey(),
                            passkey.transports(),
                            passkey.isBackupEligible(),
                            StoredTime.micros(passkey.createdAt()),
                            kept(passkey.use())));
            return true;
        });
    }

    private Stream<Passkey> of(String user) {
        return passkeys.values().stream().filter(passkey -> passkey.user().equals(user));
    }

    private static Passkey.Use kept(Passkey.Use use) {
        return new Passkey.Use(use.signCount(), use.isBackedUp(), use.lastUsed().map(StoredTime::micros));
    }

    @Override
    public Optional<Passkey> passkey(String id) {
        return store.locked(() -> Optional.ofNullable(passkeys.get(id)));
    }

    @Override
    public List<Passkey> passkeys(String user) {
        return store.locked(
                () -> of(user).sorted(Comparator.comparing(Passkey::createdAt).thenComparing(Passkey::id))
                        .toList());
    }

    @Override
    public boolean usePasskey(String id, Passkey.Use use) {
        return store.locked(() -> {
            Passkey known = passkeys.get(id);
            if (known == null || !known.accepts(use.signCount())) {
                return false;
            }
            passkeys.put(id, known.used(kept(use)));
            return true;
        });
    }

    @Override
    public boolean removePasskey(String user, String id) {
        return store.locked(() -> {
            Passkey known = passkeys.get(id);
            return known != null && known.user().equals(user) && passkeys.remove(id, known);
        });
    }

    @Override
    public int removePasskeys(String user) {
        return store.locked(() -> forgetPasskeys(user));
    }

    private int forgetPasskeys(String user) {
        int before = passkeys.size();
        passkeys.values().removeIf(passkey -> passkey.user().equals(user));
        return before - passkeys.size();
    }

    @Override
    public void addChallenge(LoginChallenge challenge) {
        store.locked(() -> {
            challenges
                    .values()
                    .removeIf(each -> !each.isValid(challenge.createdAt())
                            || each.purpose().equals(challenge.purpose()));
            if (challenges.size() >= MOST_CHALLENGES) {
                throw new CapacityException("challenges", MOST_CHALLENGES);
            }
            return challenges.put(
                    challenge.digest(),
                    new LoginChallenge(
                            challenge.digest(),
                            challenge.purpose(),
                            StoredTime.micros(challenge.createdAt()),
                            StoredTime.micros(challenge.endsAt())));
        });
    }

    @Override
    public Optional<LoginChallenge> takeChallenge(String digest) {
        return store.locked(() -> Optional.ofNullable(challenges.remove(digest)));
    }

    @Override
    public void addLogin(Login login) {
        store.locked(() -> {
            logins.values().removeIf(each -> !each.endsAt().isAfter(login.createdAt()));
            return logins.putIfAbsent(login.id(), kept(login));
        });
    }

    private static Login kept(Login login) {
        return new Login(
                login.id(),
                login.user(),
                StoredTime.micros(login.createdAt()),
                StoredTime.micros(login.authenticatedAt()),
                StoredTime.micros(login.lastSeen()),
                StoredTime.micros(login.endsAt()),
                login.address(),
                login.agent());
    }

    @Override
    public Optional<Login> login(String id) {
        return store.locked(() -> Optional.ofNullable(logins.get(id)));
    }

    @Override
    public List<Login> logins() {
        return store.locked(() -> logins.values().stream()
                .sorted(Comparator.comparing(Login::createdAt).reversed().thenComparing(Login::id))
                .limit(MOST_LOGINS)
                .toList());
    }

    @Override
    public void touchLogin(String id, Instant lastSeen, Instant authenticatedAt) {
        store.locked(() -> logins.computeIfPresent(
                id,
                (known, login) -> login.lastSeen().isAfter(StoredTime.micros(lastSeen))
                        ? login
                        : kept((authenticatedAt.isAfter(login.authenticatedAt())
                                        ? login.authenticated(authenticatedAt)
                                        : login)
                                .seen(lastSeen))));
    }

    @Override
    public boolean removeLogin(String id) {
        return store.locked(() -> logins.remove(id) != null);
    }

    @Override
    public int removeLogins(String user, Optional<String> kept) {
        return store.locked(() -> {
            int before = logins.size();
            logins.values()
                    .removeIf(login -> login.user().equals(Optional.of(user)) && !kept.equals(Optional.of(login.id())));
            return before - logins.size();
        });
    }

    @Override
    public boolean addToken(AgentToken token) {
        return store.locked(() -> {
            if (tokens.size() >= MOST) {
                throw new CapacityException("tokens", MOST);
            }
            return tokens.putIfAbsent(token.name(), kept(token, Optional.empty())) == null;
        });
    }

    private static AgentToken kept(AgentToken token, Optional<Instant> lastUsed) {
        return new AgentToken(
                token.name(),
                token.digest(),
                token.maker(),
                token.scopes(),
                token.projects(),
                token.budget(),
                new AgentToken.Life(
                        StoredTime.micros(token.life().createdAt()),
                        StoredTime.micros(token.life().expiresAt()),
                        lastUsed.map(StoredTime::micros)));
    }

    @Override
    public Optional<AgentToken> token(String digest) {
        return store.locked(() -> tokens.values().stream()
                .filter(token -> token.digest().equals(digest))
                .findFirst());
    }

    @Override
    public List<AgentToken> tokens() {
        return store.locked(() -> List.copyOf(tokens.values()));
    }

    @Override
    public void touchToken(String digest, Instant lastUsed) {
        store.locked(() -> {
            tokens.replaceAll((name, token) -> token.digest().equals(digest)
                            && token.life()
                                    .lastUsed()
                                    .filter(lastUsed::isBefore)
                                    .isEmpty()
                    ? kept(token, Optional.of(lastUsed))
                    : token);
            return true;
        });
    }

    @Override
    public boolean removeToken(String name) {
        return store.locked(() -> tokens.remove(name) != null);
    }
}
